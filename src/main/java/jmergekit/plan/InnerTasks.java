package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The inner tasks of a plan that is being read. What they are made from is gone through by
/// recursion, so that they may not be inside each other without end.
final class InnerTasks {
    private static final int DEEPEST = 200;

    private final JsonFields at;
    private final List<TensorTask> tasks = new ArrayList<>();
    private final List<Integer> depths = new ArrayList<>();
    private int depth;

    InnerTasks(JsonFields at) {
        this.at = at;
    }

    /// The one that a source names, read before.
    TensorTask of(JsonNode source) {
        int task = (int) at.count(source, "task", tasks.size() - 1L);
        depth = Math.max(depth, depths.get(task) + 1);
        return tasks.get(task);
    }

    /// Adds one, made from those that were asked for since the last one.
    void add(TensorTask task) {
        at.require(depth <= DEEPEST, "tasks inside each other, more than %d".formatted(DEEPEST));
        tasks.add(task);
        depths.add(depth);
        depth = 0;
    }
}
