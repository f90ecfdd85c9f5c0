package jmergekit.spark;

import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/// Counts the cores of executors, which start one by one after a program.
final class ExecutorCount {
    private static final int LONGEST_SECONDS = 60;
    private static final int CALM_SECONDS = 3;
    private static final int LOOK_MILLIS = 100;

    private ExecutorCount() {}

    /// The cores of all executors, once there is at least one and no other has started for a while.
    static int cores(JavaSparkContext context) {
        long begin = System.nanoTime();
        long changed = begin;
        int known = count(context);
        try {
            while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)
                    && (known == 0
                            || System.nanoTime() - changed
                                    < TimeUnit.SECONDS.toNanos(CALM_SECONDS))) {
                Thread.sleep(LOOK_MILLIS);
                int now = count(context);
                if (now != known) {
                    known = now;
                    changed = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return context.defaultParallelism();
    }

    // Spark also counts the driver, and in `local` mode it is the only one.
    private static int count(JavaSparkContext context) {
        return context.isLocal() ? 1 : context.sc().getExecutorMemoryStatus().size() - 1;
    }
}
