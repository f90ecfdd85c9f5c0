package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Quantised;
import jmergekit.plan.TensorTask;
import jmergekit.problem.ShortList;

/// How many tensors of the output and of the inputs are merged, copied and skipped. The scales of
/// quantised tensors are not counted.
///
/// @param merged tensors of the output that the method makes
/// @param copied tensors of the output that are copied from a model
/// @param skipped tensors of the inputs that are not used in the output
/// @param forms the skipped tensors as short patterns, with the model's name
public record TensorCounts(long merged, long copied, long skipped, List<String> forms) {
    private static final int SHOWN = 3;

    public static TensorCounts of(PlannedMerge plan) {
        return of(plan.tasks(), plan.leftOut(), plan.labels());
    }

    static TensorCounts of(List<TensorTask> tasks, List<LeftOut> leftOut, List<String> models) {
        List<TensorTask> counted = tasks.stream().filter(t -> !isOfScales(t)).toList();
        long merged = counted.stream().filter(TensorCounts::isMerged).count();
        long skipped = 0;
        List<String> forms = new ArrayList<>();
        for (LeftOut left : leftOut) {
            skipped += left.names().size();
            left.forms().forEach(f -> forms.add(f + " of " + models.get(left.model())));
        }
        return new TensorCounts(merged, counted.size() - merged, skipped, forms);
    }

    private static boolean isOfScales(TensorTask task) {
        return task.sources().getFirst() instanceof Quantised.Scales;
    }

    private static boolean isMerged(TensorTask task) {
        return task.sources().getFirst() instanceof Quantised quantised
                ? quantised.made().filter(t -> !t.isCopy()).isPresent()
                : !task.isCopy();
    }

    /// `37 tensors merged, 2 copied, 0 skipped`
    @Override
    public String toString() {
        return "%d tensors merged, %d copied, %d skipped".formatted(merged, copied, skipped);
    }

    /// The same with the first patterns of the skipped tensors.
    public String withForms() {
        if (forms.isEmpty()) {
            return toString();
        }
        return "%s (%s)".formatted(this, ShortList.of(forms, SHOWN));
    }
}
