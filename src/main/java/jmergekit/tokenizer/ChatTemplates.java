package jmergekit.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import jmergekit.model.ModelFolder;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.FolderFile;
import tools.jackson.databind.JsonNode;

/// Chat templates: the built-in ones, those of models, and those that a recipe requests.
///
/// Source of the built-in ones: the templates that mergekit writes for these names.
public final class ChatTemplates {
    /// The template that most models have.
    public static final String AUTO = "auto";

    static final String FILE = "chat_template.jinja";
    static final String PROCESSOR_FILE = "chat_template.json";
    static final String KEY = "chat_template";

    private static final SortedSet<String> BUILT_IN =
            new TreeSet<>(List.of("alpaca", "chatml", "exaone", "llama3", "mistral"));

    private static final long MAX_BYTES = 16L << 20;

    /// The shortest template in a recipe, in characters.
    public static final int SHORTEST = 20;

    private ChatTemplates() {}

    /// The names that a recipe may use.
    public static SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(BUILT_IN);
        names.add(AUTO);
        return names;
    }

    /// The template with a built-in name, or the text itself if it looks like a template: not very
    /// short, and with a brace.
    public static Optional<String> named(String text) {
        if (BUILT_IN.contains(text)) {
            return Optional.of(builtIn(text));
        }
        return text.length() >= SHORTEST && text.contains("{")
                ? Optional.of(text)
                : Optional.empty();
    }

    private static String builtIn(String name) {
        String resource = name + ".jinja";
        try (InputStream in = ChatTemplates.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The template that most of the models have; in a tie, the one found first. Blanks around a
    /// template are ignored.
    public static Optional<String> mostCommon(List<ModelFolder> models) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (ModelFolder model : models) {
            of(model.reference().toString(), model.tokenizerFolder())
                    .ifPresent(t -> counts.merge(t.strip(), 1, Integer::sum));
        }
        int most = counts.values().stream().max(Integer::compare).orElse(0);
        return counts.entrySet().stream()
                .filter(e -> e.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    // Checks the places where loaders look for it, in their order.
    private static Optional<String> of(String label, Path folder) {
        if (Files.isRegularFile(folder.resolve(FILE))) {
            FolderFile.check(folder, folder.resolve(FILE), label + "/" + FILE);
            return Optional.of(text(folder.resolve(FILE), label + "/" + FILE));
        }
        return Stream.of(TokenizerSettings.CONFIG, PROCESSOR_FILE)
                .flatMap(name -> TokenizerSettings.object(label, folder, name).stream())
                .flatMap(file -> template(file.path(KEY)).stream())
                .findFirst();
    }

    // A list contains named templates; one of them is called default.
    private static Optional<String> template(JsonNode node) {
        if (node.isString()) {
            return Optional.of(node.stringValue());
        }
        for (JsonNode entry : node.isArray() ? node.values() : List.<JsonNode>of()) {
            if (entry.path("name").asString("").equals("default")
                    && entry.path("template").isString()) {
                return Optional.of(entry.path("template").stringValue());
            }
        }
        return Optional.empty();
    }

    private static String text(Path file, String where) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new MergeException(Problem.input(where, "too large for a chat template"));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(where, "cannot be read as UTF-8: " + e.getMessage()), e);
        }
    }
}
