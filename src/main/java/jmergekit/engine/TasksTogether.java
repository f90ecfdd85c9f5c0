package jmergekit.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.plan.FactorRows;
import jmergekit.plan.Quantised;
import jmergekit.plan.TensorTask;

/// Groups of tasks that run one right after another because they are made from the same inner task:
/// the values of a quantised tensor and its scales, or the factors of a module.
final class TasksTogether {
    private TasksTogether() {}

    /// All tasks, each in one group, in the order of the first task of each group.
    static List<List<TensorTask>> of(List<TensorTask> tasks) {
        Map<TensorTask, List<TensorTask>> quantised = new IdentityHashMap<>();
        List<List<TensorTask>> groups = new ArrayList<>();
        for (TensorTask task : tasks) {
            Optional<TensorTask> made = made(task.parts().getFirst());
            List<TensorTask> group = made.map(quantised::get).orElse(null);
            if (group == null || group.getFirst().parts().size() != task.parts().size()) {
                group = new ArrayList<>();
                groups.add(group);
                List<TensorTask> started = group;
                made.ifPresent(m -> quantised.put(m, started));
            }
            group.add(task);
        }
        return groups;
    }

    private static Optional<TensorTask> made(TensorTask task) {
        return task.sources().getFirst() instanceof Quantised quantised
                ? quantised.made()
                : FactorRows.made(task);
    }
}
