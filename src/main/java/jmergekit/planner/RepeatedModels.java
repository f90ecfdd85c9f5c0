package jmergekit.planner;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.LayerRange;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.SliceSource;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Warns if a merge lists the same layers of a model twice: both entries count, see
/// docs/divergences.md#same-model-twice.
///
/// @param models by reference, those that could be opened
record RepeatedModels(Map<ModelReference, SourceModel> models, Problems problems) {
    /// The identity of a source, however it is named.
    private record Weights(Path folder, Optional<AdapterReference> adapter, List<Integer> layers) {}

    void check(MergeConfig config) {
        check(config.composition());
    }

    private void check(Composition composition) {
        switch (composition) {
            case Composition.WholeModels(List<InputModel> inputs) -> {
                Set<Weights> seen = new HashSet<>();
                inputs.forEach(i -> check(i.model(), List.of(), seen));
            }
            case Composition.Slices(List<OutputSlice> slices) -> {
                for (OutputSlice slice : slices) {
                    Set<Weights> seen = new HashSet<>();
                    slice.sources().forEach(s -> check(s.model(), layers(s), seen));
                }
            }
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> check(m.composition()));
        }
    }

    private static List<Integer> layers(SliceSource source) {
        Optional<LayerRange> range = source.layerRange();
        return range.map(r -> List.of(r.start(), r.end())).orElse(List.of());
    }

    private void check(Located<ModelReference> model, List<Integer> layers, Set<Weights> seen) {
        SourceModel source = models.get(model.value());
        if (source == null) {
            return;
        }
        Path folder =
                source.isNested()
                        ? Path.of(source.label())
                        : source.folder().folder().toAbsolutePath().normalize();
        if (!seen.add(new Weights(folder, model.value().adapter(), layers))) {
            problems.add(
                    Problem.recipe(
                                    model.at(),
                                    "model '%s' is listed twice and counts twice"
                                            .formatted(model.value()))
                            .hint("if this is not intended, remove it or name another model")
                            .asWarning());
        }
    }
}
