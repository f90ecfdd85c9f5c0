package jmergekit.evaluate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.NextTokens;
import jmergekit.linalg.ScoredText;

/// Whether a model, decoded greedily, generates the expected text.
///
/// It does if each expected token is the most probable one after those before it. If one is not,
/// the model may still generate the same text with other tokens; only then is text generated.
final class ExactMatches {
    /// Maximum number of tokens of an answer for extraction.
    private static final int MOST_TOKENS = 256;

    private final ModelRun run;
    private final Questions questions;

    ExactMatches(ModelRun run) {
        this.run = run;
        this.questions = run.questions();
    }

    /// A text that diverges from the expected tokens.
    ///
    /// @param ended whether it ends too early, and so matches nothing
    private record Other(
            Question question,
            int[] tokens,
            ByteArrayOutputStream text,
            byte[] wanted,
            boolean ended) {
        boolean canMatch() {
            if (ended) {
                return false;
            }
            byte[] bytes = text.toByteArray();
            return bytes.length <= wanted.length
                    && Arrays.equals(bytes, 0, bytes.length, wanted, 0, bytes.length);
        }

        boolean matches() {
            return Arrays.equals(text.toByteArray(), wanted);
        }
    }

    /// @param said the model's predictions for the expected tokens
    Map<Question, Boolean> of(Collection<Question> asked, Map<Question, NextTokens> said)
            throws EvaluationException {
        Map<Question, Boolean> matches = new HashMap<>();
        List<Other> others = new ArrayList<>();
        for (Question question : asked) {
            Optional<Other> other = other(question, said.get(question));
            matches.put(question, other.isEmpty());
            other.filter(Other::canMatch).ifPresent(others::add);
        }
        boolean[] ended = new boolean[others.size()];
        int longest = others.stream().mapToInt(o -> o.wanted().length).max().orElse(0);
        run.write(
                others.stream().map(Other::tokens).toList(),
                longest + 1,
                (i, token) -> {
                    // End tokens do not count as text.
                    ended[i] = questions.isEnd(token);
                    if (!ended[i]) {
                        others.get(i).text().writeBytes(questions.bytes(token));
                    }
                    return !ended[i] && others.get(i).canMatch();
                });
        for (int i = 0; i < ended.length; i++) {
            matches.put(others.get(i).question(), ended[i] && others.get(i).matches());
        }
        return matches;
    }

    /// Where the model diverges from the expected tokens; empty if it does not.
    private Optional<Other> other(Question question, NextTokens said) {
        ScoredText text = questions.text(question);
        int[] ids = text.ids();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (int i = 0; i < said.best().length; i++) {
            int token = ids[text.from() + i];
            int best = said.best()[i];
            boolean same = best == token || questions.isEnd(token) && questions.isEnd(best);
            if (!same) {
                int[] tokens = Arrays.copyOf(ids, text.from() + i + 1);
                tokens[text.from() + i] = best;
                written.writeBytes(questions.bytes(best));
                return Optional.of(
                        new Other(question, tokens, written, wanted(text), questions.isEnd(best)));
            }
            written.writeBytes(questions.bytes(token));
        }
        return Optional.empty();
    }

    private byte[] wanted(ScoredText text) {
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        for (int i = text.from(); i < text.ids().length - 1; i++) {
            wanted.writeBytes(questions.bytes(text.ids()[i]));
        }
        return wanted.toByteArray();
    }

    /// Whether the extracts from the model's answers equal the extracts from the expected texts, or
    /// those texts if nothing can be extracted; spaces around them are ignored.
    Map<Question, Boolean> of(Collection<Question> asked, Extraction extract)
            throws EvaluationException {
        Map<String, int[]> contexts = new LinkedHashMap<>();
        for (Question question : asked) {
            ScoredText text = questions.text(question);
            contexts.put(question.context(), Arrays.copyOf(text.ids(), text.from()));
        }
        List<ByteArrayOutputStream> written =
                contexts.keySet().stream().map(_ -> new ByteArrayOutputStream()).toList();
        run.write(
                List.copyOf(contexts.values()),
                MOST_TOKENS,
                (i, token) -> {
                    boolean end = questions.isEnd(token);
                    if (!end) {
                        written.get(i).writeBytes(questions.bytes(token));
                    }
                    return !end;
                });
        Map<String, String> answers = new HashMap<>();
        int next = 0;
        for (String context : contexts.keySet()) {
            answers.put(context, written.get(next).toString(StandardCharsets.UTF_8));
            next++;
        }
        Map<Question, Boolean> matches = new HashMap<>();
        for (Question question : asked) {
            String answer = answers.get(question.context());
            matches.put(question, extract.isRight(question.continuation(), answer));
        }
        return matches;
    }
}
