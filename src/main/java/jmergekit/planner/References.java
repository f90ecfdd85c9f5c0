package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.SliceSource;
import jmergekit.model.ModelReference;

/// The models a recipe names.
public final class References {
    private References() {}

    /// In order of appearance, the base model first; each once.
    public static List<ModelReference> all(MergeConfig config) {
        Set<ModelReference> all = new LinkedHashSet<>();
        config.baseModel().map(Located::value).ifPresent(all::add);
        collect(config.composition(), all);
        return List.copyOf(all);
    }

    /// The base models: the recipe's and those of single slices.
    static List<ModelReference> bases(MergeConfig config) {
        List<ModelReference> bases = new ArrayList<>();
        config.baseModel().map(Located::value).ifPresent(bases::add);
        collectBases(config.composition(), bases);
        return bases;
    }

    private static void collect(Composition composition, Set<ModelReference> all) {
        switch (composition) {
            case Composition.WholeModels(List<InputModel> inputs) ->
                    inputs.forEach(i -> all.add(i.model().value()));
            case Composition.Slices(List<OutputSlice> slices) -> {
                for (OutputSlice slice : slices) {
                    slice.baseModel().map(Located::value).ifPresent(all::add);
                    slice.sources().stream()
                            .map(SliceSource::model)
                            .map(Located::value)
                            .forEach(all::add);
                }
            }
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> collect(m.composition(), all));
        }
    }

    private static void collectBases(Composition composition, List<ModelReference> bases) {
        switch (composition) {
            case Composition.WholeModels whole -> {}
            case Composition.Slices(List<OutputSlice> slices) ->
                    slices.forEach(s -> s.baseModel().map(Located::value).ifPresent(bases::add));
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> collectBases(m.composition(), bases));
        }
    }
}
