package jmergekit.report;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;

/// A representative sample of a plan's tasks: the same number of bytes of each kind of tensor,
/// spread over the layers. The same tasks give the same sample.
final class TaskSample {
    /// A larger task would dominate a sample: the limit is the sample divided by this.
    private static final int LARGEST = 2;

    private final List<TensorTask> tasks;

    /// @param tasks the tasks to sample from
    TaskSample(List<TensorTask> tasks) {
        this.tasks =
                tasks.stream()
                        .filter(t -> t.output().bytes() > 0)
                        .sorted(Comparator.comparing(t -> PartNames.form(t.output().name())))
                        .toList();
    }

    /// Bytes read and written for a task.
    static long bytes(TensorTask task) {
        return Plan.inputBytes(task) + task.output().bytes();
    }

    static long bytes(List<TensorTask> tasks) {
        return tasks.stream().mapToLong(TaskSample::bytes).sum();
    }

    /// Tasks of about this many bytes, at least one if there are any.
    ///
    /// @param phase from 0 to 1; another phase gives other tasks if there are enough
    List<TensorTask> of(long wanted, double phase) {
        List<TensorTask> small = tasks.stream().filter(t -> bytes(t) <= wanted * LARGEST).toList();
        if (small.isEmpty()) {
            return tasks.stream()
                    .min(Comparator.comparingLong(TaskSample::bytes))
                    .map(List::of)
                    .orElse(List.of());
        }
        long all = bytes(small);
        if (all <= wanted) {
            return small;
        }
        double mean = (double) all / small.size();
        int count = (int) Math.max(1, Math.round(wanted / mean));
        double step = (double) all / count;
        Set<TensorTask> taken = new LinkedHashSet<>();
        double next = step * phase;
        long passed = 0;
        for (TensorTask task : small) {
            passed += bytes(task);
            if (passed > next && taken.add(task)) {
                next += step * Math.max(1, Math.ceil((passed - next) / step));
            }
        }
        return List.copyOf(taken);
    }
}
