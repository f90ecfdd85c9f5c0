package jmergekit.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.compare.ModelDifference;
import jmergekit.plan.Plan;
import jmergekit.problem.Problem;

/// What a recipe would do, and what its run would take.
///
/// @param title what the recipe is called
/// @param plan of the output
/// @param made how many tensors are merged, copied and skipped, in words
/// @param needs what the run needs of the machine
/// @param planSeconds how long planning took, in seconds
/// @param time of the tensors; empty if no sample was made
/// @param preview of the models that are merged, from a sample of their elements, for each set of models
///     that are merged with each other; empty if there is none
/// @param unknown why there is no time or no preview, in words
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

    /// What the run would read of each model.
    List<ModelShare> models() {
        return ModelShare.of(plan);
    }

    /// How long the run would take, downloads and gates apart, in seconds; empty if it is not known.
    OptionalDouble seconds() {
        return time.isPresent()
                ? OptionalDouble.of(planSeconds + time.get().seconds())
                : OptionalDouble.empty();
    }
}
