package jmergekit.planner;

import java.util.List;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;

/// Copies tensors of integers and masks from one of the models: they are positions and counts, such
/// as the counters of batch norms, and the mean of two positions is not a position.
final class LooseIntegers {
    static final String CONVERT = "convert the checkpoint to floats first";

    private final Findings mixed = new Findings();
    private final Findings quantised = new Findings();

    static boolean isCopied(TaskInput source) {
        return !source.dtype().isFloat();
    }

    /// The task for a tensor with at least one integer or mask source.
    ///
    /// @param labels of the sources' models
    TensorTask copy(String name, List<TaskInput> sources, List<String> labels) {
        int from = copied(sources);
        TaskInput copied = sources.get(from);
        boolean several = sources.stream().anyMatch(s -> s.model() != copied.model());
        for (int i = 0; i < sources.size(); i++) {
            TaskInput source = sources.get(i);
            if (!isCopied(source)) {
                mixed.add(
                        labels.get(i),
                        "tensor '%s' is %s here and is copied from '%s' as %s"
                                .formatted(name, source.dtype(), labels.get(from), copied.dtype()));
            }
            if (several && PackedWeights.isPacked(source.spec(), false)) {
                quantised.add(
                        labels.get(i),
                        "tensor '%s' holds quantised weights as %s and cannot be merged"
                                .formatted(name, source.dtype()));
            }
        }
        return MergeTasks.copy(name, copied, copied.dtype());
    }

    // The first model's source is copied, which is the base model's if there is one. A checkpoint
    // that was cast as a whole stores its counts as floats.
    private static int copied(List<TaskInput> sources) {
        int copied = -1;
        for (int i = 0; i < sources.size(); i++) {
            boolean first = copied < 0 || sources.get(i).model() < sources.get(copied).model();
            if (isCopied(sources.get(i)) && first) {
                copied = i;
            }
        }
        return copied;
    }

    void report(Problems problems) {
        mixed.warn(problems, "integers are positions or counts and are not merged");
        quantised.report(problems, CONVERT);
    }
}
