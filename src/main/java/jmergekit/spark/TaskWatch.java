package jmergekit.spark;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import jmergekit.cluster.Cluster.Watcher;
import jmergekit.cluster.JobFailure;
import jmergekit.threads.ExitAction;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/// Follows the attempts at jobs, of all runs. Spark reports them on its own thread, with a short
/// delay.
final class TaskWatch extends SparkListener {
    /// The property of a Spark job that gives its run.
    static final String RUN = "jmergekit.run";

    private final int attempts;
    private final AtomicLong runs = new AtomicLong();
    private final Map<String, Run> byId = new ConcurrentHashMap<>();
    private final Map<Integer, Run> byStage = new ConcurrentHashMap<>();
    private volatile boolean begun;

    /// @param attempts the number of attempts after which Spark gives up on a job
    TaskWatch(int attempts) {
        this.attempts = attempts;
    }

    /// The jobs of one run, and their watcher.
    final class Run implements AutoCloseable {
        private final String id;
        private final List<String> names;
        private final Watcher watcher;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final BitSet done = new BitSet();
        private int underWay;

        private Run(String id, List<String> names, Watcher watcher) {
            this.id = id;
            this.names = names;
            this.watcher = watcher;
        }

        String id() {
            return id;
        }

        private void started() {
            lock.lock();
            try {
                underWay++;
            } finally {
                lock.unlock();
            }
        }

        private void ended(int job, boolean isSuccess) {
            boolean isFirst;
            lock.lock();
            try {
                underWay--;
                isFirst = isSuccess && !done.get(job);
                if (isFirst) {
                    done.set(job);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (isFirst) {
                watcher.finished(job);
            }
        }

        /// Waits until no attempt is running. If there are two attempts at the same job, Spark
        /// cancels the second one when the first has ended, and forgets it. It could interfere with
        /// the publication.
        void settle(int seconds) {
            long left = TimeUnit.SECONDS.toNanos(seconds);
            lock.lock();
            try {
                while (left > 0 && (done.cardinality() < names.size() || underWay > 0)) {
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            byId.remove(id);
            byStage.values().remove(this);
        }
    }

    Run begin(List<String> names, Watcher watcher) {
        String id = Long.toString(runs.incrementAndGet());
        Run run = new Run(id, names, watcher);
        byId.put(id, run);
        return run;
    }

    /// Whether an executor has taken a job of any run.
    boolean hasBegun() {
        return begun;
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        String id = start.properties().getProperty(RUN, "");
        Run run = byId.get(id);
        if (run != null) {
            for (StageInfo stage : CollectionConverters.asJava(start.stageInfos())) {
                byStage.put(stage.stageId(), run);
            }
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        begun = true;
        Run run = byStage.get(start.stageId());
        if (run != null) {
            run.started();
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        Run run = byStage.get(end.stageId());
        if (run == null) {
            return;
        }
        int job = end.taskInfo().index();
        run.ended(job, end.taskInfo().successful());
        String failure = failure(run.names.get(job), end.reason());
        if (failure != null
                && end.taskInfo().attemptNumber() + 1 < attempts
                // On a signal all executors are lost, and nothing is retried.
                && !ExitAction.isUnderWay()) {
            run.watcher.note(failure + "; Spark tries again");
        }
    }

    private static @Nullable String failure(String job, TaskEndReason reason) {
        return switch (reason) {
            case ExceptionFailure failed
                    when failed.exception().isDefined()
                            && failed.exception().get() instanceof JobFailure own ->
                    own.line();
            case ExceptionFailure failed ->
                    "%s failed: %s: %s".formatted(job, failed.className(), failed.description());
            case ExecutorLostFailure lost ->
                    "%s was running in executor %s, which is lost".formatted(job, lost.execId());
            default -> null;
        };
    }
}
