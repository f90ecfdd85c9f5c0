package jmergekit.evolve;

import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.arch.LayerCounts;
import jmergekit.config.Located;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.WeightFolder;

/// The number of layers of a model, from its `config.json`.
record LayerCount(ModelLocator models, Problems problems) {
    private static final String CONFIG = "config.json";

    /// The number of layers of the language model, or empty after adding a problem.
    OptionalInt of(Located<ModelReference> located) {
        ModelReference model = located.value();
        String where = model.toString();
        Optional<WeightFolder> folder =
                models.find(model.path(), model.revision(), where, problems);
        if (folder.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            String name = where + "/" + CONFIG;
            if (!folder.get().holds(CONFIG)) {
                problems.add(Problem.input(name, "no such file"));
                return OptionalInt.empty();
            }
            ModelConfig config =
                    new ModelConfig(
                            name, ConfigJson.readObject(folder.get().path().resolve(CONFIG), name));
            OptionalInt layers = new LayerCounts(config).ofText();
            if (layers.isEmpty() || layers.getAsInt() < 1) {
                problems.add(
                        Problem.input(name, "does not contain the number of layers")
                                .expected("'num_hidden_layers' or a key like it, 1 or more"));
                return OptionalInt.empty();
            }
            return layers;
        } catch (MergeException e) {
            problems.add(e);
            return OptionalInt.empty();
        }
    }
}
