package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The inner tasks of a plan that is being read. Their nesting depth is limited, because sources
/// are traversed recursively.
final class InnerTasks {
    private static final int DEEPEST = 200;

    private final JsonFields at;
    private final List<TensorTask> tasks = new ArrayList<>();
    private final List<Integer> depths = new ArrayList<>();
    private int depth;

    InnerTasks(JsonFields at) {
        this.at = at;
    }

    /// The task that a source refers to, which was read before.
    TensorTask of(JsonNode source) {
        int task = (int) at.count(source, "task", tasks.size() - 1L);
        depth = Math.max(depth, depths.get(task) + 1);
        return tasks.get(task);
    }

    /// Adds a task made from the tasks requested since the last one.
    void add(TensorTask task) {
        at.require(depth <= DEEPEST, "tasks nested more than %d deep".formatted(DEEPEST));
        tasks.add(task);
        depths.add(depth);
        depth = 0;
    }
}
