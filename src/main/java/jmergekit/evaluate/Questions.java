package jmergekit.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.ScoredText;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.TextTokenizer;
import jmergekit.tokenizer.TokenText;
import jmergekit.tokenizer.TokenTexts;
import tools.jackson.databind.JsonNode;

/// Questions encoded as tokens of a model: the beginning-of-text token if the model has one, the
/// context, the continuation, and the end-of-text token if the text is expected to end there.
///
/// The continuation is tokenised together with the context; separately, if the tokens of the joint
/// text do not begin with those of the context.
final class Questions {
    private static final String BEGIN = "bos_token";
    private static final String END = "eos_token";
    private static final String END_ID = "eos_token_id";

    private final Map<Question, ScoredText> texts;
    private final Set<Integer> ends;
    private final TokenTexts spelling;
    private final int highest;
    private final int longest;

    private Questions(Map<Question, ScoredText> texts, Set<Integer> ends, TokenTexts spelling) {
        this.texts = Map.copyOf(texts);
        this.ends = Set.copyOf(ends);
        this.spelling = spelling;
        this.highest =
                texts.values().stream().flatMapToInt(t -> IntStream.of(t.ids())).max().orElse(0);
        this.longest = texts.values().stream().mapToInt(t -> t.ids().length).max().orElse(0);
    }

    /// @param folder with the tokenizer
    /// @throws MergeException if it has no usable tokenizer
    static Questions of(
            String label, Path folder, ModelConfig config, Collection<Question> questions) {
        ModelTokenizer tokenizer = ModelTokenizer.read(label, folder);
        Optional<Integer> begin = role(tokenizer, BEGIN);
        Set<Integer> ends = new TreeSet<>();
        Optional<Integer> end = role(tokenizer, END);
        end.ifPresent(ends::add);
        JsonNode configured = settings(config);
        (configured.isArray() ? configured.valueStream() : Stream.of(configured))
                .filter(JsonNode::canConvertToInt)
                .filter(JsonNode::isIntegralNumber)
                .forEach(id -> ends.add(id.intValue()));
        if (ends.isEmpty()) {
            throw new MergeException(
                    Problem.input(label, "no end-of-text token")
                            .expected("'%s' in tokenizer_config.json".formatted(END)));
        }
        int last = end.orElseGet(() -> ends.iterator().next());
        List<String> parts =
                questions.stream()
                        .flatMap(q ->
                                Stream.of(
                                        q.context(),
                                        q.context() + q.continuation(),
                                        q.continuation()))
                        .distinct()
                        .toList();
        List<int[]> ids = new TextTokenizer(label, folder).plainIds(parts);
        Map<String, int[]> byText = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            byText.put(parts.get(i), ids.get(i));
        }
        // The first token needs a token before it, from which it is predicted.
        int first = begin.orElse(last);
        Map<Question, ScoredText> texts = new LinkedHashMap<>();
        for (Question question : questions) {
            int[] context = byText.get(question.context());
            int[] both = byText.get(question.context() + question.continuation());
            int[] next =
                    Arrays.mismatch(context, both) == context.length && both.length > context.length
                            ? Arrays.copyOfRange(both, context.length, both.length)
                            : byText.get(question.continuation());
            if (next.length == 0) {
                throw new MergeException(
                        Problem.input(label, "the tokenizer gives no tokens for the continuation")
                                .found("'" + question.continuation() + "'"));
            }
            boolean begins = begin.isPresent() || context.length == 0;
            texts.put(
                    question,
                    text(
                            begins ? new int[] {first} : new int[0],
                            context,
                            next,
                            question.ends() ? new int[] {last} : new int[0]));
        }
        return new Questions(texts, ends, new TokenTexts(tokenizer, tokenizer.vocabulary().size()));
    }

    /// The part of the configuration that questions depend on: the end-of-text tokens.
    static JsonNode settings(ModelConfig config) {
        return config.json().path(END_ID);
    }

    private static Optional<Integer> role(ModelTokenizer tokenizer, String role) {
        String token = tokenizer.roles().get(role);
        OptionalInt id = token == null ? OptionalInt.empty() : tokenizer.vocabulary().id(token);
        return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
    }

    private static ScoredText text(int[] begin, int[] context, int[] next, int[] end) {
        List<int[]> parts = new ArrayList<>(List.of(begin, context, next, end));
        int[] ids = parts.stream().flatMapToInt(IntStream::of).toArray();
        return new ScoredText(ids, begin.length + context.length);
    }

    ScoredText text(Question question) {
        return texts.get(question);
    }

    /// Whether a token ends a text.
    boolean isEnd(int token) {
        return ends.contains(token);
    }

    /// The bytes that a token stands for.
    byte[] bytes(int token) {
        return spelling.of(token).map(TokenText::bytes).orElse(new byte[0]);
    }

    /// The largest token id in a question.
    int highest() {
        return highest;
    }

    /// The number of tokens of the longest question.
    int longest() {
        return longest;
    }
}
