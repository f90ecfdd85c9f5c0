package jmergekit.planner;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.ParameterSet;
import jmergekit.model.InputFile;
import jmergekit.model.LooseWeights;
import jmergekit.plan.TaskInput;
import jmergekit.weights.WeightHeader;

/// A model of loose tensors as an input of a merge.
///
/// @param model its number in the plan
/// @param parameters its own parameters
/// @param files the names that the plan gives its files; filled as files are used
record LooseInput(
        int model,
        LooseWeights weights,
        ParameterSet parameters,
        Map<WeightHeader, InputFile> files) {
    LooseInput(int model, LooseWeights weights, ParameterSet parameters) {
        this(model, weights, parameters, new IdentityHashMap<>());
    }

    /// The name of the model in messages.
    String label() {
        return weights.reference().toString();
    }

    Optional<TaskInput> source(String name) {
        return weights.checkpoint()
                .find(name)
                .map(l ->
                        new TaskInput(
                                model,
                                SourceModel.stored(
                                        l, h -> files.computeIfAbsent(h, weights::inputFile))));
    }
}
