package jmergekit.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkpoint from which a quantised one was made, according to its files.
public final class OriginalModel {
    private static final int MOST_BYTES = 1 << 16;
    private static final Pattern NAME = Pattern.compile("[\\w.-]+/[\\w.-]+");

    /// Names of checkpoints that are quantised themselves.
    private static final Pattern QUANTISED =
            Pattern.compile(
                    "(?i)gptq|awq|bnb|hqq|aqlm|eetq|quant|[348]-?bit|int[348]|w[48]a(8|16)|gguf");

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\\R(.*?)^---", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BASE =
            Pattern.compile("^base_model:\\s*(?:-\\s+)?[\"']?([\\w./-]+)", Pattern.MULTILINE);

    private OriginalModel() {}

    /// A name on the Hub; empty if no file names one that is not quantised.
    public static Optional<String> of(ModelFolder model) {
        String own = model.reference().toString();
        return Stream.of(model.config().text("_name_or_path"), card(model.folder()))
                .flatMap(Optional::stream)
                .filter(name -> NAME.matcher(name).matches())
                .filter(name -> !QUANTISED.matcher(name).find() && !name.equals(own))
                .findFirst();
    }

    // An unreadable card gives no name.
    private static Optional<String> card(Path folder) {
        Path card = folder.resolve("README.md");
        if (!Files.isRegularFile(card)) {
            return Optional.empty();
        }
        try (InputStream file = Files.newInputStream(card)) {
            Matcher front =
                    FRONT_MATTER.matcher(
                            new String(file.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            Matcher base = front.find() ? BASE.matcher(front.group(1)) : null;
            return base != null && base.find() ? Optional.of(base.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
