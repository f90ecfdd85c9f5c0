package jmergekit.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jmergekit.model.ConfigJson;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.databind.JsonNode;

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
                            .hint(
                                    "with transformers, load the tokenizer by"
                                            + " AutoTokenizer.from_pretrained and save it by"
                                            + " save_pretrained"));
        }
        KEPT_OFFLINE.forEach(key -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, "true");
            }
        });
        Map<String, String> plain = Map.of("padding", "false", "truncation", "false");
        try {
            return new TextTokenizer(
                    HuggingFaceTokenizer.newInstance(file, plain), firstToken(label, folder));
        } catch (IOException | RuntimeException e) {
            throw e instanceof MergeException known
                    ? known
                    : new MergeException(
                            Problem.input(label + "/" + FILE, "cannot be read: " + e.getMessage()),
                            e);
        }
    }

    private static Optional<String> firstToken(String label, Path folder) {
        return Stream.of("tokenizer_config.json", "special_tokens_map.json")
                .filter(name -> Files.isRegularFile(folder.resolve(name)))
                .map(name -> ConfigJson.readObject(folder.resolve(name), label + "/" + name))
                .map(json -> json.path(FIRST_TOKEN))
                .map(token -> token.isObject() ? token.path("content") : token)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .findFirst();
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
