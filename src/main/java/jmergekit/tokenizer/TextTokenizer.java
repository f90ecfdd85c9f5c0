package jmergekit.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Turns text into token ids as the tokenizer in a model's folder does. Its native library is loaded
/// at first use.
public final class TextTokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";
    private static final String FIRST_TOKEN = "bos_token";

    /// Nothing is downloaded or reported to anyone.
    private static final List<String> KEPT_OFFLINE = List.of("ai.djl.offline", "OPT_OUT_TRACKING");

    private final HuggingFaceTokenizer tokenizer;
    private final int[] first;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, Optional<String> firstToken) {
        this.tokenizer = tokenizer;
        this.first = firstToken.map(this::plainIds).orElse(new int[0]);
    }

    /// @param label how messages call the model
    /// @throws MergeException if the folder has no tokenizer that can be read
    public static TextTokenizer open(String label, Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.input(label, "no " + FILE + " to read the prompts with")
                            .hint(ModelTokenizer.SAVE_FAST));
        }
        KEPT_OFFLINE.forEach(key -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, "true");
            }
        });
        Map<String, String> plain = Map.of("padding", "false", "truncation", "false");
        try {
            String first = TokenizerSettings.read(label, folder).roles().get(FIRST_TOKEN);
            return new TextTokenizer(
                    HuggingFaceTokenizer.newInstance(file, plain), Optional.ofNullable(first));
        } catch (IOException | RuntimeException e) {
            throw e instanceof MergeException known
                    ? known
                    : new MergeException(
                            Problem.input(label + "/" + FILE, "cannot be read: " + e.getMessage()),
                            e);
        }
    }

    /// The ids of a text, after that of the token that begins a text if the model has one; no other
    /// special tokens.
    public int[] ids(String text) {
        int[] rest = plainIds(text);
        int[] ids = new int[first.length + rest.length];
        System.arraycopy(first, 0, ids, 0, first.length);
        System.arraycopy(rest, 0, ids, first.length, rest.length);
        return ids;
    }

    private int[] plainIds(String text) {
        return LongStream.of(tokenizer.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
