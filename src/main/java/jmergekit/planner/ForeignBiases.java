package jmergekit.planner;

import java.util.List;
import java.util.Set;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.NameRanges;

/// Warns of biases in the output if the model that config.json comes from has none: loaders then
/// build modules without biases and ignore these tensors.
final class ForeignBiases {
    private static final int SHOWN = 4;

    private ForeignBiases() {}

    static void report(SourceModel donor, List<TensorTask> tasks, Problems problems) {
        Set<String> own = donor.tensors().keySet();
        if (own.stream().anyMatch(ForeignBiases::isBias)) {
            return;
        }
        List<String> foreign =
                tasks.stream().map(t -> t.output().name()).filter(ForeignBiases::isBias).toList();
        if (!foreign.isEmpty()) {
            problems.add(
                    Problem.input(
                                    donor.label(),
                                    "it has no biases, but the output gets its config.json and"
                                            + " biases of another model: "
                                            + ShortList.quoted(NameRanges.of(foreign), SHOWN))
                            .hint(
                                    "name the model with biases first, or as the base, so that"
                                            + " loaders expect them")
                            .asWarning());
        }
    }

    private static boolean isBias(String name) {
        return name.endsWith("_proj.bias");
    }
}
