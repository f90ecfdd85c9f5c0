package jmergekit.report;

import java.util.List;
import java.util.Optional;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.Findings;
import jmergekit.plan.Plan;

/// The report of a run.
///
/// @param title the model's title
/// @param plan the plan that was run
/// @param parents a comparison of the result with its parents, for each set of models merged with
///     each other; the result comes last
/// @param rounding the rounding errors of a sample of tensors
/// @param found findings from making the tensors
/// @param times the times of the stages
/// @param recipe its text, if the output has it
/// @param notes what was not measured, and why
record MergeReport(
        String title,
        Plan plan,
        List<ModelDifference> parents,
        List<RoundingError> rounding,
        Findings found,
        List<StageTimes.Stage> times,
        Optional<String> recipe,
        List<String> notes) {
    /// The name of the result next to its parents.
    static final String RESULT = "the result";

    MergeReport {
        parents = List.copyOf(parents);
        rounding = List.copyOf(rounding);
        times = List.copyOf(times);
        notes = List.copyOf(notes);
    }
}
