package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.Checkpoint;
import tools.jackson.databind.node.ObjectNode;

/// Models that were opened, so that the next plan reads no header again. Thread-safe.
///
/// What changes on disk after a model was opened is not seen; a run looks at the files again, and
/// refuses those that changed.
public final class OpenedModels {
    private final Map<ModelReference, Opened> opened;
    // Of two plans that need a model at the same time one opens it.
    private final Map<ModelReference, Object> locks;
    private final Map<ModelReference, NestedModel> nested = new ConcurrentHashMap<>();

    public OpenedModels() {
        this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    private OpenedModels(Map<ModelReference, Opened> opened, Map<ModelReference, Object> locks) {
        this.opened = opened;
        this.locks = locks;
    }

    /// The same models, without references that recipes gave a meaning to: those are for one plan.
    public OpenedModels withoutNested() {
        return new OpenedModels(opened, locks);
    }

    /// Whether some reference means what a recipe makes.
    public boolean hasNested() {
        return !nested.isEmpty();
    }

    /// A model and what was warned of when it was opened.
    private record Opened(ModelFolder model, List<Problem> warnings) {}

    /// A model that a recipe makes.
    private record NestedModel(PlannedMerge merge, ModelFolder model) {}

    /// Lets a reference mean what a recipe makes, so that another recipe can merge it.
    ///
    /// @param name that recipes call it by
    /// @param config its config.json
    /// @throws MergeException if the recipe makes what cannot be a part of another merge
    public void nest(ModelReference name, PlannedMerge merge, ObjectNode config) {
        if (merge.tokenizer().isPresent()) {
            throw new MergeException(
                    Problem.usage(
                                    name.toString(),
                                    "a recipe inside another one cannot make a tokenizer")
                            .hint("set 'tokenizer' and 'chat_template' in the outermost recipe"));
        }
        ModelFolder donor = merge.donorModel();
        ModelConfig own = new ModelConfig(name + "/config.json", config);
        ModelFolder model =
                new ModelFolder(
                        name,
                        donor.folder(),
                        own,
                        own.architecture(),
                        Checkpoint.of(
                                donor.folder(), new NestedHeader(name.toString(), merge.tasks())),
                        Optional.empty());
        nested.put(name, new NestedModel(merge, model));
    }

    /// What a reference to a nested recipe stands for.
    Optional<PlannedMerge> nested(ModelReference reference) {
        return Optional.ofNullable(nested.get(reference)).map(NestedModel::merge);
    }

    /// As [ModelFolder#open], once for each model that can be used.
    public Optional<ModelFolder> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        NestedModel made = nested.get(reference);
        if (made != null) {
            return Optional.of(made.model());
        }
        synchronized (locks.computeIfAbsent(reference, _ -> new Object())) {
            return openOnce(reference, models, problems);
        }
    }

    private Optional<ModelFolder> openOnce(
            ModelReference reference, ModelLocator models, Problems problems) {
        Opened known = opened.get(reference);
        if (known == null) {
            Problems own = new Problems();
            Optional<ModelFolder> found = ModelFolder.open(reference, models, own);
            if (found.isEmpty() || own.hasErrors()) {
                problems.addAll(own);
                return found;
            }
            known = new Opened(found.get(), own.warnings());
            opened.put(reference, known);
        }
        known.warnings().forEach(problems::add);
        return Optional.of(known.model());
    }
}
