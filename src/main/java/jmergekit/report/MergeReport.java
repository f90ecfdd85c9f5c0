package jmergekit.report;

import java.util.List;
import java.util.Optional;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.Findings;
import jmergekit.plan.Plan;

/// What a run made.
///
/// @param title of the model
/// @param plan that was carried out
/// @param parents the result with what it was merged from, for each set of models that meet; the result
///     is the last
/// @param rounding of a sample of tensors
/// @param found while tensors were made
/// @param times of the stages
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
    /// What the result is called among its parents.
    static final String RESULT = "the result";

    MergeReport {
        parents = List.copyOf(parents);
        rounding = List.copyOf(rounding);
        times = List.copyOf(times);
        notes = List.copyOf(notes);
    }
}
