package jmergekit.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import jmergekit.arch.Structure;
import jmergekit.engine.InputFolders;
import jmergekit.engine.Progress;
import jmergekit.engine.RunThreads;
import jmergekit.engine.TaskReading;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.problem.MergeException;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.Vocabulary;
import jmergekit.weights.FolderState;

/// Compares models tensor by tensor. Each tensor of each model is read once.
public final class ModelComparison {
    private final List<ComparedModel> models;
    private final boolean hasBase;
    private final VersionedTensors tensors;

    /// @param models at least two; the first is the reference
    /// @param hasBase whether the reference is the base of the others
    public ModelComparison(List<ComparedModel> models, boolean hasBase) {
        this.models = List.copyOf(models);
        this.hasBase = hasBase;
        List<Plan> plans = models.stream().map(m -> m.plan().plan()).toList();
        this.tensors = VersionedTensors.of(plans, structure());
    }

    private Structure structure() {
        List<String> names =
                models.getFirst().plan().plan().tasks().stream()
                        .map(t -> t.output().name())
                        .toList();
        return models.getFirst()
                .folder()
                .map(f -> Structure.infer(f.config(), names))
                .orElseGet(Structure::empty);
    }

    /// The number of measured tensors.
    public int count() {
        return tensors.paired().size();
    }

    /// Bytes of the reference's tensors in float32, which [Progress] counts.
    public long bytes() {
        return tensors.paired().stream().mapToLong(t -> t.task().output().bytes()).sum();
    }

    /// Reads all tensors. Throws a [MergeException] if a file cannot be read or has changed.
    public ModelDifference measure(RunThreads threads, Progress progress, Cancellation cancelled) {
        List<TensorTask> tasks = tensors.paired().stream().map(VersionedTensor::task).toList();
        long elements =
                tasks.stream().mapToLong(t -> t.output().shape().elements()).sum() * models.size();
        TileOps ops = TileOps.best().forElements(elements);
        TensorComparison comparison = new TensorComparison(tokens(), ops);
        List<TensorDifference> measured =
                new TaskReading(inputs(), threads, progress, cancelled)
                        .each(
                                tasks,
                                (i, versions, chunks) ->
                                        comparison.of(tensors.paired().get(i), versions, chunks));
        return new ModelDifference(
                models.stream().map(ComparedModel::name).toList(),
                hasBase,
                measured,
                tensors.skipped(),
                FileDifferences.of(models));
    }

    private InputFolders inputs() {
        Map<String, Path> folders = new TreeMap<>();
        List<FolderState> states = new ArrayList<>();
        for (ComparedModel model : models) {
            InputFolders own = model.plan().inputs();
            folders.putAll(own.folders());
            own.states().stream().filter(s -> !states.contains(s)).forEach(states::add);
        }
        return new InputFolders(folders, states);
    }

    private IntFunction<Optional<String>> tokens() {
        Optional<Vocabulary> vocabulary =
                models.getFirst().folder().flatMap(ModelComparison::vocabulary);
        return id -> vocabulary.flatMap(v -> v.token(id));
    }

    // A tokenizer is optional: without one, rows only have numbers. FileDifferences reports
    // tokenizers that cannot be read.
    static Optional<Vocabulary> vocabulary(ModelFolder model) {
        try {
            return Optional.of(
                    ModelTokenizer.read(model.reference().toString(), model.tokenizerFolder())
                            .vocabulary());
        } catch (MergeException _) {
            return Optional.empty();
        }
    }
}
