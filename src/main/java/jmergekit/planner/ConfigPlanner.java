package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import jmergekit.tensor.DType;

/// Finds out where the output's config.json must differ from the donor's.
final class ConfigPlanner {
    private final List<ModelFolder> models;
    private final List<TensorTask> tasks;
    private final OutputDType dtype;

    ConfigPlanner(List<ModelFolder> models, List<TensorTask> tasks, OutputDType dtype) {
        this.models = models;
        this.tasks = tasks;
        this.dtype = dtype;
    }

    ConfigChanges changes(
            Structure structure, List<PlannedModule> modules, Optional<TokenizerPlan> tokenizer) {
        OptionalLong vocabulary =
                tokenizer
                        .flatMap(TokenizerPlan::merged)
                        .map(m -> mergedVocabularySize(m.embeddings().rows()))
                        .orElseGet(this::vocabularySize);
        return new ConfigChanges(
                outputDType(),
                stacks(modules),
                new AuxiliaryCounts(models, structure, modules).changes(),
                vocabulary,
                tieWordEmbeddings(),
                isDequantised(),
                Optional.empty());
    }

    private Optional<DType> outputDType() {
        if (dtype.asked().isPresent()) {
            return dtype.asked();
        }
        Set<DType> found =
                tasks.stream()
                        .map(t -> t.output().dtype())
                        .filter(DType::isFloat)
                        .collect(Collectors.toSet());
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    private static List<StackChange> stacks(List<PlannedModule> modules) {
        List<StackChange> changes = new ArrayList<>();
        for (PlannedModule module : modules) {
            if (module.whole() || module.stack().filter(s -> !s.auxiliary()).isEmpty()) {
                continue;
            }
            List<LayerOrigin> layers = new ArrayList<>();
            for (PlannedSlice slice : module.slices()) {
                PlannedSlice.Input first = slice.inputs().get(Math.max(slice.base(), 0));
                for (int i = 0; i < slice.layers(); i++) {
                    layers.add(new LayerOrigin(first.model().index(), first.firstLayer() + i));
                }
            }
            changes.add(new StackChange(module.stack().get(), layers));
        }
        return changes;
    }

    private OptionalLong mergedVocabularySize(long rows) {
        OptionalLong before = models.getFirst().config().vocabularySize();
        return before.equals(OptionalLong.of(rows)) ? OptionalLong.empty() : OptionalLong.of(rows);
    }

    // The reference leaves vocab_size unchanged; see docs/divergences.md#vocabulary-size.
    private OptionalLong vocabularySize() {
        for (TensorTask task : tasks) {
            if (Structure.isInputEmbedding(task.output().name())
                    && task.output().shape().rank() > 0) {
                long rows = task.output().shape().size(0);
                long before =
                        models.getFirst()
                                .checkpoint()
                                .find(task.output().name())
                                .map(l -> l.entry().spec().shape().size(0))
                                .orElse(rows);
                return rows == before ? OptionalLong.empty() : OptionalLong.of(rows);
            }
        }
        return OptionalLong.empty();
    }

    private boolean isDequantised() {
        return tasks.stream().anyMatch(QuantisedTensors::isScaled);
    }

    // The reference leaves the flag unchanged, so that a loader would discard the head that was
    // written; see docs/divergences.md#tied-embeddings.
    private Optional<Boolean> tieWordEmbeddings() {
        for (TensorTask task : tasks) {
            if (!Structure.isHead(task.output().name())) {
                continue;
            }
            boolean standIn =
                    task.inputs().stream()
                            .anyMatch(s -> Structure.isInputEmbedding(s.spec().name()));
            boolean untied =
                    task.inputs().stream()
                            .anyMatch(s ->
                                    !models.get(s.model())
                                            .config()
                                            .tieWordEmbeddings()
                                            .orElse(true));
            boolean changedAlone = task.sources().stream().anyMatch(Source::isChangedByAdapter);
            if (standIn || untied || changedAlone) {
                return Optional.of(false);
            }
        }
        return Optional.empty();
    }
}
