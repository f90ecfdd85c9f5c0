package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.TensorTask;
import jmergekit.problem.ShortList;

/// What becomes of all tensors, those of the output and those of the inputs.
///
/// @param merged tensors of the output that the method makes
/// @param copied tensors of the output that are a model's
/// @param skipped tensors of the inputs that nothing of the output is made from
/// @param forms those in few words, with the model's name
public record TensorCounts(long merged, long copied, long skipped, List<String> forms) {
    private static final int SHOWN = 3;

    public static TensorCounts of(PlannedMerge plan) {
        return of(plan.tasks(), plan.leftOut(), plan.labels());
    }

    static TensorCounts of(List<TensorTask> tasks, List<LeftOut> leftOut, List<String> models) {
        long merged = tasks.stream().filter(t -> !t.isCopy()).count();
        long skipped = 0;
        List<String> forms = new ArrayList<>();
        for (LeftOut left : leftOut) {
            skipped += left.names().size();
            left.forms().forEach(f -> forms.add(f + " of " + models.get(left.model())));
        }
        return new TensorCounts(merged, tasks.size() - merged, skipped, forms);
    }

    /// `37 tensors merged, 2 copied, 0 skipped`
    @Override
    public String toString() {
        return "%d tensors merged, %d copied, %d skipped".formatted(merged, copied, skipped);
    }

    /// The same with the first forms of what is skipped.
    public String withForms() {
        if (forms.isEmpty()) {
            return toString();
        }
        return "%s (%s)".formatted(this, ShortList.of(forms, SHOWN));
    }
}
