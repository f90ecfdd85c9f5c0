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
/// @param tasks with those of scales
/// @param settings what config.json says of it, if anything is quantised that was merged
/// @param notes about it, in words
record QuantisedOutput(List<TensorTask> tasks, Optional<ObjectNode> settings, List<String> notes) {
    QuantisedOutput {
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
    }

    /// With nothing quantised.
    static QuantisedOutput plain(List<TensorTask> tasks) {
        return new QuantisedOutput(tasks, Optional.empty(), List.of());
    }

    /// @param models the first one's config.json is that of the output
    /// @param depths how many layers the output's stacks have, by prefix
    /// @param tasks of the output as it is merged
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
