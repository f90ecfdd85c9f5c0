package jmergekit.planner;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.Composition;
import jmergekit.config.MergeConfig;
import jmergekit.planner.LeftOut.Reason;

/// The reason why a recipe does not use a tensor, if the recipe itself gives one.
final class LeftOutReasons {
    private final boolean whole;
    private final boolean listed;
    private final boolean sliced;
    private final Structure structure;
    private final Map<Integer, Set<String>> unmatched;
    private final List<PlannedModule> modules;
    private final Set<String> planned = new HashSet<>();
    private final Set<Integer> taking = new HashSet<>();

    /// @param unmatched for each model the tensors that no filter matches, in recipes with `default:
    ///     base`
    LeftOutReasons(
            MergeConfig config,
            Structure structure,
            List<PlannedModule> modules,
            Map<Integer, Set<String>> unmatched) {
        this.unmatched = unmatched;
        this.whole = config.composition() instanceof Composition.WholeModels;
        this.listed = config.composition() instanceof Composition.Modules;
        this.sliced = config.composition() instanceof Composition.Slices;
        this.structure = structure;
        this.modules = modules;
        for (PlannedModule module : modules) {
            planned.add(module.name());
            if (!module.kept()) {
                module.slices()
                        .forEach(s -> s.inputs().forEach(i -> taking.add(i.model().index())));
            }
        }
    }

    /// Whether the recipe takes all tensors of its models.
    boolean isWhole() {
        return whole;
    }

    /// Empty if the tensor should be used.
    Optional<Reason> reason(SourceModel model, String name) {
        if (!taking.contains(model.index())) {
            return Optional.of(Reason.CONFIGURATION);
        }
        if (unmatched.getOrDefault(model.index(), Set.of()).contains(name)) {
            return Optional.of(Reason.FILTERS);
        }
        Place place = structure.place(name);
        if (listed && !planned.contains(place.module())) {
            return Optional.of(Reason.MODULES);
        }
        boolean beside =
                structure.isAuxiliary(place.module()) || sliced && isBeside(place.module());
        if (beside && !isTaken(model, place.module())) {
            return Optional.of(
                    planned.contains(place.module()) ? Reason.AUXILIARY : Reason.BESIDE_LAYERS);
        }
        if (listed && !isTaken(model, place.module())) {
            return Optional.of(Reason.OTHER_MODELS);
        }
        for (PlannedModule module : modules) {
            if (!module.whole() && module.name().equals(place.module())) {
                return place instanceof Place.InLayer(LayerStack _, int layer, String _)
                        ? isTaken(model, module, layer)
                                ? Optional.empty()
                                : Optional.of(Reason.LAYERS)
                        : decidesAround(model, module)
                                ? Optional.empty()
                                : Optional.of(Reason.AROUND_LAYERS);
            }
        }
        return Optional.empty();
    }

    private boolean isBeside(String module) {
        return structure.mainStack().filter(s -> s.module().equals(module)).isEmpty();
    }

    private boolean isTaken(SourceModel model, String module) {
        return modules.stream()
                .filter(m -> m.name().equals(module))
                .anyMatch(m -> m.slices().stream().anyMatch(s -> takes(s, model)));
    }

    private static boolean isTaken(SourceModel model, PlannedModule module, int layer) {
        return module.slices().stream()
                .anyMatch(s ->
                        s.inputs().stream()
                                .anyMatch(i ->
                                        i.model() == model
                                                && layer >= i.firstLayer()
                                                && layer < i.firstLayer() + s.layers()));
    }

    private static boolean decidesAround(SourceModel model, PlannedModule module) {
        return takes(module.slices().getFirst(), model) && takes(module.slices().getLast(), model);
    }

    private static boolean takes(PlannedSlice slice, SourceModel model) {
        return slice.inputs().stream().anyMatch(i -> i.model() == model);
    }
}
