package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.ParameterSet;

/// The `parameters` at one place of a recipe.
///
/// @param ofModel whether they belong to a single model
record ParameterLevel(ParameterSet parameters, boolean ofModel) {

    /// All levels of a recipe, in the order of its structure.
    static List<ParameterLevel> all(MergeConfig config) {
        List<ParameterLevel> levels = new ArrayList<>();
        levels.add(new ParameterLevel(config.parameters(), false));
        config.inputModelParameters()
                .forEach(m -> levels.add(new ParameterLevel(m.parameters(), true)));
        collect(config.composition(), levels);
        return levels;
    }

    private static void collect(Composition composition, List<ParameterLevel> levels) {
        switch (composition) {
            case Composition.WholeModels(List<InputModel> inputs) ->
                    inputs.forEach(i -> levels.add(new ParameterLevel(i.parameters(), true)));
            case Composition.Slices(List<OutputSlice> slices) -> {
                for (OutputSlice slice : slices) {
                    levels.add(new ParameterLevel(slice.parameters(), false));
                    slice.sources()
                            .forEach(s -> levels.add(new ParameterLevel(s.parameters(), true)));
                }
            }
            case Composition.Modules(List<ModuleConfig> modules) -> {
                for (ModuleConfig module : modules) {
                    levels.add(new ParameterLevel(module.parameters(), false));
                    collect(module.composition(), levels);
                }
            }
        }
    }
}
