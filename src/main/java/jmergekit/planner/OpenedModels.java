package jmergekit.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Models that were opened, so that the next plan reads no header again. Thread-safe.
///
/// What changes on disk after a model was opened is not seen; a run looks at the files again, and
/// refuses those that changed.
public final class OpenedModels {
    private final Map<ModelReference, Opened> opened = new ConcurrentHashMap<>();
    private final Map<ModelReference, NestedModel> nested = new HashMap<>();

    /// A model and what was warned of when it was opened.
    private record Opened(ModelFolder model, List<Problem> warnings) {}

    /// A recipe that stands for a model.
    ///
    /// @param plan what it comes to
    record NestedModel(PlannedMerge plan, ModelFolder model) {}

    /// Lets a reference mean what a recipe makes.
    ///
    /// @param name that recipes call it by
    /// @param model its configuration and headers
    void nest(ModelReference name, PlannedMerge plan, ModelFolder model) {
        synchronized (nested) {
            nested.put(name, new NestedModel(plan, model));
        }
    }

    /// As [ModelFolder#open], once for each model that can be used.
    public Optional<ModelFolder> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        synchronized (nested) {
            if (nested.containsKey(reference)) {
                return Optional.of(nested.get(reference).model());
            }
        }
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
