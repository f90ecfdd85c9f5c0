package jmergekit.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import jmergekit.plan.TensorTask;

/// The order in which tasks start: several shards at once, each from front to back.
///
/// File systems let only one thread at a time write to a file. With eight threads, writing 2 GiB to
/// eight files was seven times as fast as to one (tmpfs; six times in the page cache of a disk).
final class TaskOrder {
    private final int files;
    private final Iterator<List<TensorTask>> waiting;
    private final List<Shard> open = new ArrayList<>();

    private TaskOrder(int files, Iterator<List<TensorTask>> waiting) {
        this.files = files;
        this.waiting = waiting;
    }

    /// @param shards the tasks of each, in the order of their data
    /// @param files the most shards to write at once
    static List<TensorTask> of(Collection<List<TensorTask>> shards, int files) {
        return new TaskOrder(files, shards.iterator()).tasks();
    }

    private List<TensorTask> tasks() {
        List<TensorTask> tasks = new ArrayList<>();
        open();
        while (!open.isEmpty()) {
            Shard behind = Collections.min(open, Comparator.comparingLong(s -> s.taken));
            if (behind.left.isEmpty()) {
                open.remove(behind);
                open();
            } else {
                tasks.add(behind.take());
            }
        }
        return tasks;
    }

    private void open() {
        while (open.size() < files && waiting.hasNext()) {
            // A shard that starts late keeps pace with the others from then on.
            long pace = open.stream().mapToLong(s -> s.taken).min().orElse(0);
            open.add(new Shard(waiting.next(), pace));
        }
    }

    /// A shard whose tasks are being scheduled.
    private static final class Shard {
        private final Queue<TensorTask> left;
        private long taken;

        Shard(List<TensorTask> tasks, long taken) {
            this.left = new ArrayDeque<>(tasks);
            this.taken = taken;
        }

        TensorTask take() {
            TensorTask task = left.remove();
            taken += task.output().bytes();
            return task;
        }
    }
}
