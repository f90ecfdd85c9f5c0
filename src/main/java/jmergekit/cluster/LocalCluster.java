package jmergekit.cluster;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.Cancellation;
import jmergekit.threads.Slots;

/// Jobs on threads of this process, each in one attempt.
public final class LocalCluster implements Cluster {
    private static final String HERE = "this machine";
    private final int slots;
    private final int threads;

    private record Here<T extends Serializable>(T value) implements Shared<T> {
        @Serial private static final long serialVersionUID = 1;
    }

    private record Ended<R>(int job, R result) {}

    /// @param slots the number of jobs that run at the same time
    /// @param threads the threads of each job
    public LocalCluster(int slots, int threads) {
        this.slots = slots;
        this.threads = threads;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public <T extends Serializable> Shared<T> share(T value) {
        return new Here<>(value);
    }

    @Override
    public <R extends Serializable> List<R> run(List<? extends Job<R>> jobs, Watcher watcher) {
        Map<Integer, R> results = new HashMap<>();
        Cancellation cancellation = new Cancellation();
        try (Slots<Ended<R>> running = new Slots<>(slots)) {
            try {
                int begun = 0;
                while (results.size() < jobs.size()) {
                    while (begun < jobs.size() && running.hasFree()) {
                        int index = begun++;
                        Job<R> job = jobs.get(index);
                        running.start(_ -> new Ended<>(index, attempt(job, cancellation)));
                    }
                    Ended<R> ended = running.take();
                    results.put(ended.job(), ended.result());
                    watcher.finished(ended.job());
                }
            } finally {
                cancellation.cancel();
            }
        } catch (JobFailure e) {
            throw e.last();
        }
        List<R> inOrder = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            inOrder.add(results.get(i));
        }
        return inOrder;
    }

    private <R extends Serializable> R attempt(Job<R> job, Cancellation cancellation) {
        return JobFailure.orResult(job, new Job.Attempt(0, threads, cancellation), HERE);
    }

    @Override
    public void close() {}
}
