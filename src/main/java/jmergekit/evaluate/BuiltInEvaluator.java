package jmergekit.evaluate;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import jmergekit.MergeCancelledException;
import jmergekit.MergeFailedException;
import jmergekit.MergePlan;
import jmergekit.MergedTensors;
import jmergekit.Tensor;
import jmergekit.decoder.DecoderModel;
import jmergekit.decoder.DecoderSettings;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.LanguageModel;
import jmergekit.linalg.NextTokens;
import jmergekit.model.ModelConfig;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.source.StoredTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// Runs models in this process, in float32, on items from files. A model is not written to disk:
/// its tensors are merged into memory.
///
/// Items with a `continuation` are measured by `log_likelihood` (the default), `perplexity` or
/// `exact_match`; items with `choices` by `acc` (the default), `acc_norm`, `log_likelihood` or
/// `perplexity`: see [Metric]. If a task has no held-out file, a third of its items is held out:
/// the last ones, or with `shuffle` a random third chosen by the seed.
///
/// Any model that fits into memory can be scored; its weights are outside the heap. Supported
/// families are Llama, Mistral, Qwen2 and Qwen3. Several evaluations may run at the same time; they
/// share the threads.
public final class BuiltInEvaluator implements Evaluator {
    /// More than a search has tokenizers.
    private static final int KEPT_TOKENIZERS = 16;

    private final List<AskedTask> tasks;
    private final Set<Question> questions;
    private final Workers workers;
    private final Map<String, Questions> byTokenizer = new ConcurrentHashMap<>();

    /// Reads the items.
    ///
    /// @param limit most items of each task that a search uses
    /// @param shuffle whether these items, and the held-out ones, are drawn at random
    /// @param threads number of threads; scores do not depend on it
    /// @throws MergeException with everything that is wrong with the tasks and their files
    public BuiltInEvaluator(
            List<Task> tasks, Optional<Integer> limit, boolean shuffle, long seed, int threads) {
        this.tasks = AskedTask.of(TaskItems.read(tasks, limit, shuffle, seed));
        this.questions = new LinkedHashSet<>();
        for (AskedTask task : this.tasks) {
            Stream.of(Split.values()).flatMap(task::questions).forEach(questions::add);
        }
        this.workers = new Workers(threads);
    }

    @Override
    public String description() {
        int asked = tasks.stream().mapToInt(t -> t.items().search().size()).sum();
        int heldOut = tasks.stream().mapToInt(t -> t.items().heldOut().size()).sum();
        List<String> split =
                tasks.stream()
                        .filter(t -> t.items().task().heldOut().isEmpty())
                        .map(AskedTask::name)
                        .toList();
        int shared = tasks.stream().mapToInt(t -> t.items().shared()).sum();
        return "built in, on %d items; %d held out%s%s"
                .formatted(
                        asked,
                        heldOut,
                        shared == 0
                                ? ""
                                : " (%d of them also used in the search)".formatted(shared),
                        split.isEmpty()
                                ? ""
                                : ", for %s a third of the file"
                                        .formatted(String.join(", ", split)));
    }

    @Override
    public boolean readsFolder() {
        return false;
    }

    @Override
    public boolean hasHeldOut() {
        return true;
    }

    /// Whether models of this type can be run, and whether they accept all items with their
    /// tokenizer.
    @Override
    public void check(MergePlan plan) {
        try (ModelFiles files = ModelFiles.of(plan, temporary())) {
            ModelConfig config = files.config();
            DecoderSettings settings = DecoderModel.settings(config);
            settings.shape(1, settings.hidden());
            new LongestItem(tasks, questions(files, config))
                    .check(settings.longestText(), config.where());
        } catch (MergeFailedException e) {
            if (e.getCause() instanceof MergeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private Questions questions(ModelFiles files, ModelConfig config) {
        if (byTokenizer.size() > KEPT_TOKENIZERS) {
            byTokenizer.clear();
        }
        return byTokenizer.computeIfAbsent(
                files.tokenizerHash(config),
                _ -> Questions.of("the model", files.folder(), config, questions));
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        try (ModelFiles files = ModelFiles.of(trial.plan(), trial.out())) {
            ModelConfig config = files.config();
            DecoderModel.settings(config);
            Questions asked = questions(files, config);
            Stop stop = Stop.of(trial);
            try (MergedTensors merged = trial.plan().merge(trial.run())) {
                stop.check();
                return scores(run(config, merged.byName(), asked, stop), trial.split());
            }
        } catch (MergeException | MergeFailedException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new EvaluationException("the model cannot be run: " + e.getMessage(), e);
        } catch (MergeCancelledException e) {
            throw new EvaluationException("the evaluation was cancelled", e);
        }
    }

    private ModelRun run(
            ModelConfig config, Map<String, Tensor> tensors, Questions asked, Stop stop)
            throws EvaluationException {
        DecoderModel decoder = decoder(config, tensors);
        new LongestItem(tasks, asked).check(decoder.longestText(), config.where());
        if (asked.highest() >= decoder.vocabulary()) {
            throw new EvaluationException(
                    "the tokenizer has a token %d, but the model has %d embeddings"
                            .formatted(asked.highest(), decoder.vocabulary()));
        }
        LanguageModel model =
                new LanguageModel(
                        decoder.shape(),
                        decoder.weights(name ->
                                Optional.ofNullable(tensors.get(name))
                                        .map(BuiltInEvaluator::source)));
        return new ModelRun(decoder, model, asked, workers, stop);
    }

    private static DecoderModel decoder(ModelConfig config, Map<String, Tensor> tensors)
            throws EvaluationException {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Tensor tensor : tensors.values()) {
            if (!DType.valueOf(tensor.dtype()).isFloat()) {
                throw new EvaluationException(
                        "tensor '%s' is %s, which the evaluator does not support"
                                .formatted(tensor.name(), tensor.dtype()));
            }
            shapes.put(tensor.name(), new Shape(tensor.shape()));
        }
        return DecoderModel.of(config, shapes);
    }

    private static SourceTensor source(Tensor tensor) {
        Shape shape = new Shape(tensor.shape());
        TensorSpec spec = new TensorSpec(tensor.name(), DType.valueOf(tensor.dtype()), shape);
        return new StoredTensor(
                new TensorView(spec, tensor.bytes()), shape.elements(), TileOps.best());
    }

    private Map<String, Score> scores(ModelRun run, Split split) throws EvaluationException {
        Set<Question> asked = new LinkedHashSet<>();
        Set<Question> matched = new LinkedHashSet<>();
        for (AskedTask task : tasks) {
            if (!task.writes()) {
                task.questions(split).forEach(asked::add);
                if (task.metric() == Metric.EXACT_MATCH) {
                    task.questions(split).forEach(matched::add);
                }
            }
        }
        Map<Question, NextTokens> said = run.said(asked);
        ExactMatches exact = new ExactMatches(run);
        Map<Question, Boolean> matches = exact.of(matched, said);
        Map<String, Score> scores = new LinkedHashMap<>();
        for (AskedTask task : tasks) {
            Map<Question, Boolean> own =
                    task.extract().isEmpty()
                            ? matches
                            : exact.of(task.questions(split).toList(), task.extract().get());
            TaskScores made = new TaskScores(task.items().of(split), said, own);
            scores.put(task.name(), made.of(task.metric()));
        }
        return scores;
    }

    /// Stops the threads.
    @Override
    public void close() {
        workers.close();
    }
}
