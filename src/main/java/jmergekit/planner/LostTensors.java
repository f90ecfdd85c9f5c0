package jmergekit.planner;

import java.util.List;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.NameRanges;

/// Refuses a plan that would lose tensors.
public final class LostTensors {
    private static final int SHOWN = 8;

    private LostTensors() {}

    /// Adds an error that lists the tensors; does nothing if the list is empty.
    public static void report(
            SourceModel model, List<String> names, String what, Problems problems) {
        if (names.isEmpty()) {
            return;
        }
        String shown = ShortList.of(NameRanges.of(names), SHOWN);
        problems.add(
                Problem.input(model.label(), what)
                        .found(names.size() + ": " + shown)
                        .hint(
                                "jmergekit does not understand how this checkpoint is laid out;"
                                        + " nothing is written, to avoid an incomplete model"));
    }
}
