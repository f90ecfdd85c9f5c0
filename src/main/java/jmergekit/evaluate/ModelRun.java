package jmergekit.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jmergekit.decoder.DecoderModel;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.LanguageModel;
import jmergekit.linalg.NextTokens;
import jmergekit.linalg.ScoredText;
import jmergekit.threads.Workers;

/// Runs a model on texts, in batches. What is in a batch does not depend on the number of threads, so
/// neither do the scores.
final class ModelRun {
    /// Tokens that go through the model at a time, unless a single text has more: enough to make up
    /// for reading the weights.
    private static final int TOKENS = 2048;

    /// Most bytes of keys and values that are kept while texts are written.
    private static final long KEPT_BYTES = 256L << 20;

    private final DecoderModel decoder;
    private final LanguageModel model;
    private final Questions questions;
    private final Workers workers;
    private final Stop stop;

    ModelRun(
            DecoderModel decoder,
            LanguageModel model,
            Questions questions,
            Workers workers,
            Stop stop) {
        this.decoder = decoder;
        this.model = model;
        this.questions = questions;
        this.workers = workers;
        this.stop = stop;
    }

    Questions questions() {
        return questions;
    }

    /// What the model says of what is to follow.
    ///
    /// @throws EvaluationException if the evaluation was stopped, or these are not numbers
    Map<Question, NextTokens> said(Collection<Question> asked) throws EvaluationException {
        List<Question> all = List.copyOf(asked);
        List<ScoredText> texts = all.stream().map(questions::text).toList();
        NextTokens[] said = new NextTokens[all.size()];
        run(
                batches(all.size(), i -> texts.get(i).ids().length, TOKENS),
                batch -> {
                    List<NextTokens> found =
                            model.score(Arrays.stream(batch).mapToObj(texts::get).toList());
                    for (int i = 0; i < batch.length; i++) {
                        said[batch[i]] = found.get(i);
                    }
                });
        Map<Question, NextTokens> byQuestion = new HashMap<>();
        for (int i = 0; i < said.length; i++) {
            if (!Double.isFinite(said[i].sum())) {
                throw new EvaluationException(
                        "the model's probabilities are not numbers after '%s'"
                                .formatted(all.get(i).context()));
            }
            byQuestion.put(all.get(i), said[i]);
        }
        return byQuestion;
    }

    /// Lets the model go on with texts, by the most probable token each time.
    ///
    /// @param most tokens that are written, as far as the model takes so many
    /// @param continuation hears of them, on several threads but of each text on one
    /// @throws EvaluationException if the evaluation was stopped, or there is no most probable token
    void write(List<int[]> texts, int most, LanguageModel.Continuation continuation)
            throws EvaluationException {
        int[] left =
                texts.stream()
                        .mapToInt(t -> Math.min(most, decoder.longestText() - t.length + 1))
                        .toArray();
        long kept = KEPT_BYTES / decoder.shape().keyValueBytes();
        int tokens = (int) Math.clamp(kept, 1, 8L * TOKENS);
        AtomicBoolean broken = new AtomicBoolean();
        run(
                batches(texts.size(), i -> texts.get(i).length + left[i], tokens),
                batch ->
                        model.continueTexts(
                                Arrays.stream(batch).mapToObj(texts::get).toList(),
                                most,
                                (i, token) -> {
                                    int text = batch[i];
                                    if (token == NextTokens.NONE) {
                                        broken.set(true);
                                        return false;
                                    }
                                    return continuation.next(text, token)
                                            && --left[text] > 0
                                            && !stop.isDue();
                                }));
        if (broken.get()) {
            throw new EvaluationException(
                    "the model's probabilities are not numbers where it writes");
        }
    }

    private interface BatchRun {
        void run(int[] batch);
    }

    private void run(List<int[]> batches, BatchRun run) throws EvaluationException {
        workers.runAll(
                batches.stream()
                        .<Runnable>map(batch ->
                                () -> {
                                    if (!stop.isDue()) {
                                        run.run(batch);
                                    }
                                })
                        .toList());
        stop.check();
    }

    /// Numbers of texts, the shortest first, so that those of the same length are together.
    private static List<int[]> batches(int texts, IntUnaryOperator length, int most) {
        List<Integer> order =
                IntStream.range(0, texts)
                        .boxed()
                        .sorted(Comparator.comparingInt(length::applyAsInt))
                        .toList();
        List<int[]> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        long tokens = 0;
        for (int text : order) {
            tokens += length.applyAsInt(text);
            if (tokens > most && !batch.isEmpty()) {
                batches.add(batch.stream().mapToInt(Integer::intValue).toArray());
                batch.clear();
                tokens = length.applyAsInt(text);
            }
            batch.add(text);
        }
        if (!batch.isEmpty()) {
            batches.add(batch.stream().mapToInt(Integer::intValue).toArray());
        }
        return batches;
    }
}
