package jmergekit.planner;

import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.SliceSource;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// The place where a recipe lists a model.
final class ModelPlaces {
    private ModelPlaces() {}

    /// The first place where a model is listed to be merged; empty for a model that is only the
    /// base.
    ///
    /// @param label of the model, from [SourceModel#label]
    static Optional<Location> first(MergeConfig config, String label) {
        return listed(config.composition())
                .filter(model -> model.value().toString().equals(label))
                .map(Located::at)
                .findFirst();
    }

    private static Stream<Located<ModelReference>> listed(Composition composition) {
        return switch (composition) {
            case Composition.WholeModels whole -> whole.models().stream().map(InputModel::model);
            case Composition.Slices slices ->
                    slices.slices().stream()
                            .map(OutputSlice::sources)
                            .flatMap(sources -> sources.stream().map(SliceSource::model));
            case Composition.Modules modules ->
                    modules.modules().stream()
                            .map(ModuleConfig::composition)
                            .flatMap(ModelPlaces::listed);
        };
    }
}
