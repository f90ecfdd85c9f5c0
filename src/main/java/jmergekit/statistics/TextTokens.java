package jmergekit.statistics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.TextTokenizer;
import tools.jackson.databind.JsonNode;

/// Texts as tokens of a model, as the built-in evaluator encodes them: the beginning-of-text token,
/// or the end-of-text token for a text without a prompt if the model has none; the text; and the
/// end-of-text token after a continuation.
///
/// @param ids of each text, at least two
/// @param skipped number of texts with fewer than two tokens
public record TextTokens(List<int[]> ids, int skipped) {
    private static final String BEGIN = "bos_token";
    private static final String END = "eos_token";
    private static final String END_ID = "eos_token_id";

    /// Characters that are enough for each token that is used: most tokens have fewer than 10.
    public static final int CHARACTERS = 64;

    /// Characters that one process tokenises: it has a limit of time.
    private static final int TOGETHER = 2 << 20;

    /// @param label the model's name in messages
    /// @param folder of the tokenizer
    /// @param most tokens of a text; the rest of a longer text is ignored
    /// @throws MergeException if the folder has no usable tokenizer, or all texts are too short
    public static TextTokens of(
            List<StatisticsText> texts, String label, Path folder, ModelConfig config, int most) {
        TextTokenizer encoder = new TextTokenizer(label, folder);
        encoder.missing()
                .ifPresent(p -> {
                    throw new MergeException(p);
                });
        ModelTokenizer tokenizer = ModelTokenizer.read(label, folder);
        Optional<Integer> begin = role(tokenizer, BEGIN);
        Optional<Integer> end = role(tokenizer, END).or(() -> configured(config));
        List<int[]> plain = plain(texts, encoder);
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            boolean item = texts.get(i).continuation().isPresent();
            int[] ids =
                    Stream.of(
                                    one(begin.isPresent() || item ? begin : end),
                                    plain.get(i),
                                    one(item ? end : Optional.<Integer>empty()))
                            .flatMapToInt(IntStream::of)
                            .limit(most)
                            .toArray();
            if (ids.length > 1) {
                all.add(ids);
            }
        }
        if (all.isEmpty()) {
            throw new MergeException(
                    Problem.input(label, "its tokenizer gives at most one token for each text")
                            .expected("texts of at least two tokens"));
        }
        return new TextTokens(List.copyOf(all), plain.size() - all.size());
    }

    private static int[] one(Optional<Integer> token) {
        return token.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Optional<Integer> role(ModelTokenizer tokenizer, String role) {
        String token = tokenizer.roles().get(role);
        OptionalInt id = token == null ? OptionalInt.empty() : tokenizer.vocabulary().id(token);
        return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
    }

    private static Optional<Integer> configured(ModelConfig config) {
        JsonNode node = config.json().path(END_ID);
        return (node.isArray() ? node.valueStream() : Stream.of(node))
                .filter(id -> id.isIntegralNumber() && id.canConvertToInt())
                .map(JsonNode::intValue)
                .min(Integer::compare);
    }

    private static List<int[]> plain(List<StatisticsText> texts, TextTokenizer encoder) {
        List<int[]> ids = new ArrayList<>();
        List<String> together = new ArrayList<>();
        long length = 0;
        for (StatisticsText text : texts) {
            String whole = text.whole();
            if (length + whole.length() > TOGETHER && !together.isEmpty()) {
                ids.addAll(encoder.plainIds(together));
                together.clear();
                length = 0;
            }
            together.add(whole);
            length += whole.length();
        }
        ids.addAll(encoder.plainIds(together));
        return ids;
    }

    /// The number of all tokens.
    public long count() {
        return ids.stream().mapToLong(t -> t.length).sum();
    }

    /// The largest id.
    int highest() {
        return ids.stream().flatMapToInt(Arrays::stream).max().orElse(0);
    }
}
