package jmergekit.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.compare.ModelDifference;
import jmergekit.plan.Plan;
import jmergekit.problem.Problem;

/// What a recipe would do, and the resources its run would need.
///
/// @param title the name of the recipe
/// @param plan the plan of the output
/// @param made how many tensors are merged, copied and skipped, as text
/// @param needs the resources the run needs
/// @param planSeconds the planning time in seconds
/// @param time the estimated time for the tensors; empty if no sample was made
/// @param preview a comparison for each set of models merged with each other, from a sample of
///     their elements; empty if there is none
/// @param unknown why there is no time or no preview, as text
/// @param warnings about the recipe and its models
/// @param recipe the text of the recipe
public record Check(
        String title,
        Plan plan,
        String made,
        Needs needs,
        double planSeconds,
        Optional<TimeEstimate> time,
        List<ModelDifference> preview,
        List<String> unknown,
        List<Problem> warnings,
        String recipe) {
    public Check {
        preview = List.copyOf(preview);
        unknown = List.copyOf(unknown);
        warnings = List.copyOf(warnings);
    }

    /// What the run would read from each model.
    List<ModelShare> models() {
        return ModelShare.of(plan);
    }

    /// The time the run would take in seconds, excluding downloads and gates; empty if unknown.
    OptionalDouble seconds() {
        return time.isPresent()
                ? OptionalDouble.of(planSeconds + time.get().seconds())
                : OptionalDouble.empty();
    }
}
