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

/// Runs a model on texts, in batches. The contents of a batch do not depend on the number of
/// threads, so neither do the scores.
final class ModelRun {
    /// Tokens that are processed at a time, unless a single text has more: enough to amortise
    /// reading the weights.
    private static final int TOKENS = 2048;

    /// Maximum bytes of keys and values that are cached during generation.
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

    /// The model's predictions for the continuations.
    ///
    /// @throws EvaluationException if the evaluation was stopped, or the predictions are not finite
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

    /// Continues texts by greedy decoding.
    ///
    /// @param most maximum number of tokens to generate, limited by the model's context
    /// @param continuation receives the tokens, on several threads but on one thread per text
    /// @throws EvaluationException if the evaluation was stopped, or there is no most probable
    ///     token
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
                    "the model's probabilities are not numbers during generation");
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

    /// Indices of texts, sorted by length, so that texts of the same length are in the same batch.
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
