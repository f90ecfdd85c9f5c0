package jmergekit.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.model.Adapter;
import jmergekit.model.InputFile;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.References;
import jmergekit.problem.Problems;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightHeader;

/// An adapter that a recipe names without a base model.
public record AdapterInput(ModelReference reference, Adapter adapter) {
    private static final String MODEL_CONFIG = "config.json";

    /// The inputs of a recipe that names only adapters, in order of appearance; empty if it names
    /// anything else.
    ///
    /// @param options where models are found, and which are open
    /// @param problems receives what is wrong with them
    public static Optional<List<AdapterInput>> of(
            MergeConfig config, PlanOptions options, Problems problems) {
        ModelLocator models = options.models();
        List<AdapterInput> inputs = new ArrayList<>();
        Problems own = new Problems();
        for (ModelReference reference : References.all(config)) {
            // If an input turns out to be a model, no large files have been downloaded here.
            boolean isAdapter =
                    reference.adapter().isEmpty()
                            && find(reference, models.withoutWeights(), own)
                                    .filter(AdapterInput::isAdapter)
                                    .isPresent();
            if (!isAdapter) {
                own.warnings().forEach(problems::add);
                return Optional.empty();
            }
            options.opened()
                    .adapter(reference, models, own)
                    .ifPresent(a -> inputs.add(new AdapterInput(reference, a)));
        }
        problems.addAll(own);
        return Optional.of(inputs);
    }

    private static Optional<WeightFolder> find(
            ModelReference reference, ModelLocator models, Problems problems) {
        return models.find(reference.path(), reference.revision(), reference.toString(), problems);
    }

    private static boolean isAdapter(WeightFolder folder) {
        return folder.holds(Adapter.CONFIG) && !folder.holds(MODEL_CONFIG);
    }

    /// The file of its weights, as plans name it.
    InputFile file() {
        WeightHeader header = adapter.header();
        return new InputFile(
                label(),
                header.fileName(),
                header.fileSize(),
                header.digest(),
                ModelFolder.commit(header.file()));
    }

    String label() {
        return reference.toString();
    }
}
