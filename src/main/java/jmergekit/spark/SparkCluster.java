package jmergekit.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.Job;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.ExitAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/// Jobs as Spark tasks: one stage for a run and one task for a job, without data and without
/// preferred locations. Spark starts the tasks, restarts them if they fail, and starts slow ones a
/// second time.
final class SparkCluster implements Cluster {
    /// The longest wait for the end of other attempts: a lost machine sends no message.
    private static final int PATIENCE_SECONDS = 120;

    private static final int LOOK_MILLIS = 200;

    /// After this wait for its first executor, a program tells the user.
    private static final int LONELY_MILLIS = 15_000;

    private final String option;
    private final String address;
    private final JavaSparkContext context;
    private final TaskWatch tasks;
    private final ExitAction exit;

    private record Sent<T extends Serializable>(Broadcast<T> broadcast) implements Shared<T> {
        @Serial private static final long serialVersionUID = 1;

        @Override
        public T value() {
            return broadcast.value();
        }
    }

    private SparkCluster(String option, String address, JavaSparkContext context) {
        this.option = option;
        this.address = address;
        this.context = context;
        int attempts = context.getConf().getInt("spark.task.maxFailures", 4);
        this.tasks = new TaskWatch(attempts);
        context.sc().addSparkListener(tasks);
        this.exit = ExitAction.add(SparkCluster::silence);
    }

    static SparkCluster open(String option, String address, Map<String, String> settings) {
        MasterAddress.check(option, address);
        SparkConf conf = SparkSettings.of(address, settings);
        System.setErr(new QuietErrors(System.err));
        try {
            return new SparkCluster(option, address, new JavaSparkContext(conf));
        } catch (Exception e) { // Scala's checked exceptions are not declared.
            waitIfEnding();
            throw new MergeException(
                    Problem.usage(option, "Spark does not start")
                            .found("%s: %s".formatted(address, firstLine(e)))
                            .hint(
                                    "JMERGEKIT_OPTS=-Dorg.slf4j.simpleLogger.log.org.apache.spark=warn"
                                            + " shows Spark's own messages"),
                    e);
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    @Override
    public int slots() {
        int each = context.getConf().getInt("spark.task.cpus", 1);
        return Math.max(1, working(() -> ExecutorCount.cores(context)) / each);
    }

    @Override
    public <T extends Serializable> Shared<T> share(T value) {
        return new Sent<>(working(() -> context.broadcast(value)));
    }

    // If no master accepts it, or the last one disappears, Spark stops on its own.
    private <T> T working(Supplier<T> call) {
        try {
            return call.get();
        } catch (IllegalStateException e) {
            if (!context.sc().isStopped()) {
                throw e;
            }
            waitIfEnding();
            throw new MergeException(TaskFailure.stopped(option), e);
        }
    }

    @Override
    public <R extends Serializable> List<R> run(List<? extends Job<R>> jobs, Watcher watcher) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        List<String> names = jobs.stream().map(Job::name).toList();
        try (TaskWatch.Run run = tasks.begin(names, watcher)) {
            JavaFutureAction<List<R>> future = working(() -> begin(jobs, run));
            List<R> results = result(future, names, watcher);
            run.settle(PATIENCE_SECONDS);
            return results;
        }
    }

    private <R extends Serializable> JavaFutureAction<List<R>> begin(
            List<? extends Job<R>> jobs, TaskWatch.Run run) {
        context.setLocalProperty(TaskWatch.RUN, run.id());
        // One task for each job: as many partitions as elements.
        List<Job<R>> all = List.copyOf(jobs);
        return context.parallelize(all, all.size()).map(SparkAttempt::run).collectAsync();
    }

    private <R> List<R> result(
            JavaFutureAction<List<R>> future, List<String> names, Watcher watcher) {
        long lonely = System.nanoTime();
        boolean told = false;
        while (true) {
            try {
                return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long millis = (System.nanoTime() - lonely) / 1_000_000;
                if (!told && millis > LONELY_MILLIS && !tasks.hasBegun()) {
                    told = true;
                    watcher.note(
                            ("%s: no executor has taken a job yet; it needs free cores, and the"
                                            + " memory of spark.executor.memory")
                                    .formatted(address));
                }
            } catch (ExecutionException e) {
                waitIfEnding();
                throw new TaskFailure(option, names).of(e.getCause());
            } catch (InterruptedException e) {
                future.cancel(true);
                Thread.currentThread().interrupt();
                throw new MergeException(
                        Problem.usage(option, "the jobs were stopped").found(address), e);
            }
        }
    }

    // On a signal Spark stops on its own, and then there is nothing to report.
    private static void waitIfEnding() {
        if (ExitAction.isUnderWay()) {
            try {
                new CountDownLatch(1).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // A stopped Spark keeps printing messages, even after the context is closed. The program is
    // then about to exit, and its own messages use a separate stream.
    private static void silence() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    }

    @Override
    public void close() {
        silence();
        try (exit) {
            context.close();
        }
    }
}
