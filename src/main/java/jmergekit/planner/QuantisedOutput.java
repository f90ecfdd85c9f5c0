package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
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
            List<ModelFolder> models,
            Structure structure,
            Map<String, Integer> depths,
            List<TensorTask> tasks,
            Problems problems) {
        if (dtype.form().isEmpty() || problems.hasErrors()) {
            return plain(tasks);
        }
        ModelFolder donor = models.getFirst();
        return switch (dtype.form().get()) {
            case FLOAT8 ->
                    new Float8Output(
                                    config.outDtype().orElseThrow().at(),
                                    donor,
                                    LinearWeights.of(donor.config(), structure, depths),
                                    problems)
                            .of(tasks);
            case MXFP4 -> {
                problems.add(
                        Problem.recipe(
                                        config.outDtype().orElseThrow().at(),
                                        "MXFP4 is not written yet")
                                .hint("choose 'out_dtype: float8_e4m3fn' or 'bfloat16'"));
                yield plain(tasks);
            }
            case KEEP -> new KeptFormats(donor, problems).of(tasks);
        };
    }
}
