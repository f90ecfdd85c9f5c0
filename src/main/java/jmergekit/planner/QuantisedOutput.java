package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Location;
import jmergekit.problem.Problems;
import tools.jackson.databind.node.ObjectNode;

/// The tasks of an output whose weights may be quantised.
///
/// @param tasks including those of scales
/// @param settings for config.json, if merged weights are quantised
/// @param notes about the quantisation, in words
record QuantisedOutput(List<TensorTask> tasks, Optional<ObjectNode> settings, List<String> notes) {
    QuantisedOutput {
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
    }

    /// An output without quantised tensors.
    static QuantisedOutput plain(List<TensorTask> tasks) {
        return new QuantisedOutput(tasks, Optional.empty(), List.of());
    }

    /// @param models the output's config.json comes from the first one
    /// @param depths the number of layers in each of the output's stacks, by prefix
    /// @param tasks of the merged output
    static QuantisedOutput of(
            MergeConfig config,
            OutputDType dtype,
            List<SourceModel> models,
            Structure structure,
            Map<String, Integer> depths,
            List<TensorTask> tasks,
            Problems problems) {
        if (dtype.form().isEmpty() || problems.hasErrors()) {
            return plain(tasks);
        }
        SourceModel first = models.getFirst();
        ModelFolder donor = first.folder();
        Location at = config.outDtype().orElseThrow().at();
        return switch (dtype.form().get()) {
            case FLOAT8 ->
                    new Float8Output(
                                    at,
                                    donor,
                                    LinearWeights.of(donor.config(), structure, depths),
                                    problems)
                            .of(tasks);
            case MXFP4 -> new Float4Output(at, donor, problems).of(tasks);
            case KEEP ->
                    new KeptFormats(
                                    first,
                                    models.stream().map(SourceModel::folder).toList(),
                                    dtype,
                                    problems)
                            .of(tasks);
        };
    }
}
