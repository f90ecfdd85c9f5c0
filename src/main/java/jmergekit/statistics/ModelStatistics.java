package jmergekit.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.decoder.DecoderModel;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFiles;
import jmergekit.engine.InputTensors;
import jmergekit.engine.Progress;
import jmergekit.engine.Unreadable;
import jmergekit.linalg.DecoderStatistics;
import jmergekit.linalg.Statistic;
import jmergekit.model.ModelFolder;
import jmergekit.output.ModelName;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.SafetensorsLayout;
import jmergekit.tensor.Shape;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;
import jmergekit.weights.ScratchFile;

/// Measures a model on texts, into a file.
public final class ModelStatistics {
    private static final String HINT =
            "statistics need the built-in forward pass; see docs/reference/statistics-files.md";

    private final BoundPlan plan;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final DecoderModel decoder;
    private final ModelFolder folder;

    /// @param plan of the unchanged model, whose tensors have one input each
    /// @throws MergeException if the model cannot be run, with all reasons
    public ModelStatistics(BoundPlan plan, ModelFolder folder) {
        this.plan = plan;
        this.folder = folder;
        for (TensorTask task : plan.plan().tasks()) {
            Source source = task.sources().getFirst();
            if (task.parts().size() == 1 && source.dtype().isFloat()) {
                sources.put(task.output().name(), source);
                shapes.put(task.output().name(), source.shape());
            }
        }
        this.decoder = DecoderModel.of(folder.config(), shapes, HINT);
    }

    /// The model's name, without the path of its folder.
    public String model() {
        return ModelName.text(folder.reference());
    }

    /// The most tokens of a text.
    public int longestText() {
        return decoder.longestText();
    }

    /// The texts as tokens of the model.
    ///
    /// @param most tokens of a text
    /// @throws MergeException if the model has no usable tokenizer, or it does not fit the model
    public TextTokens tokens(List<StatisticsText> texts, int most) {
        String label = folder.reference().toString();
        TextTokens tokens =
                TextTokens.of(texts, label, folder.tokenizerFolder(), folder.config(), most);
        if (tokens.highest() >= decoder.vocabulary()) {
            throw new MergeException(
                    Problem.input(label, "the tokenizer has tokens without embeddings")
                            .expected("ids below " + decoder.vocabulary())
                            .found(String.valueOf(tokens.highest())));
        }
        return tokens;
    }

    /// The file to write.
    ///
    /// @param name of the file in messages
    public SafetensorsLayout layout(
            String name, StatisticsLayout.Origin origin, Set<Statistic> kinds) {
        return new StatisticsLayout(decoder, shapes, kinds).file(name, origin);
    }

    /// The bytes of temporary space that a run needs next to the file.
    public long scratchBytes(TextTokens tokens, Set<Statistic> kinds) {
        return DecoderStatistics.scratchBytes(decoder.shape(), tokens.count(), kinds);
    }

    /// The number of passes of all texts through a layer.
    public int passes(Set<Statistic> kinds) {
        return DecoderStatistics.passes(decoder.shape(), kinds);
    }

    /// The work of these passes, in bytes.
    public long work(TextTokens tokens, Set<Statistic> kinds) {
        return DecoderStatistics.work(decoder.shape(), tokens.count(), kinds);
    }

    /// Measures the model and writes the file's data.
    ///
    /// @param threads number of threads; the file does not depend on it
    public void write(
            TextTokens tokens,
            Set<Statistic> kinds,
            StatisticsFile file,
            int threads,
            Progress progress) {
        InputFiles used = InputFiles.of(plan.inputs().states(), plan.weightFiles(), List.of());
        used.check();
        try (InputTensors inputs = new InputTensors(plan.inputs(), TileOps.best());
                Workers workers = new Workers(threads);
                ScratchFile scratch = file.scratch()) {
            DecoderStatistics statistics =
                    new DecoderStatistics(
                            decoder.shape(),
                            decoder.weights(name -> tensor(name, inputs)),
                            decoder,
                            workers);
            new Unreadable(" while statistics were computed", inputs, used::check)
                    .guard(
                            this::all,
                            () -> {
                                statistics.run(tokens.ids(), kinds, scratch, file, steps(progress));
                                return true;
                            });
            used.check();
        }
    }

    private static DecoderStatistics.Steps steps(Progress progress) {
        return new DecoderStatistics.Steps() {
            @Override
            public void part(long work) {
                progress.made(work);
            }

            @Override
            public void pass() {
                progress.finished("", 0);
            }
        };
    }

    private Stream<Source> all() {
        return sources.values().stream();
    }

    private Optional<SourceTensor> tensor(String name, InputTensors inputs) {
        return Optional.ofNullable(sources.get(name)).map(inputs::open);
    }
}
