package jmergekit.evaluate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import jmergekit.threads.AsyncValue;
import jmergekit.threads.Workers;
import org.jspecify.annotations.Nullable;

/// A running server, monitored while it is queried.
final class ServedModel implements AutoCloseable {
    private static final int LINES = 12;
    private static final int LOOK_MILLIS = 100;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final ChildProcess process;
    private final ServerClient client;
    private final LogFile log;
    private final Stop stop;
    private final Workers workers;

    /// A query that may fail.
    @FunctionalInterface
    interface Question<A, R> {
        R ask(A about) throws EvaluationException, InterruptedException;
    }

    /// @param requests maximum number of concurrent requests
    ServedModel(ChildProcess process, ServerClient client, LogFile log, Stop stop, int requests) {
        this.process = process;
        this.client = client;
        this.log = log;
        this.stop = stop;
        this.workers = new Workers(requests);
    }

    /// Waits until the server answers.
    void awaitHealth(String path, int seconds) throws EvaluationException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        ServerClient.Watch watch =
                () -> {
                    watch();
                    if (System.nanoTime() - end > 0) {
                        throw new EvaluationException(
                                "the server did not answer %s within %d s%s"
                                        .formatted(path, seconds, log.end(LINES)));
                    }
                };
        boolean healthy = false;
        while (!healthy) {
            long next = System.nanoTime() + Duration.ofMillis(LOOK_MILLIS).toNanos();
            while (System.nanoTime() - next < 0) {
                watch.look();
            }
            healthy = client.isHealthy(path, watch);
        }
        watch();
    }

    private void watch() throws EvaluationException, InterruptedException {
        process.follow();
        if (!process.isAlive()) {
            process.finish();
            throw new EvaluationException(
                    "the server ended with status " + process.status() + log.end(LINES));
        }
        stop.check(log);
    }

    /// The result of one query.
    <R> R value(Question<ServerClient, R> question)
            throws EvaluationException, InterruptedException {
        List<R> answer = new ArrayList<>();
        each(
                1,
                _ -> {
                    answer.add(question.ask(client));
                    return 0.0;
                });
        return answer.getFirst();
    }

    /// Runs numbered queries, several at a time; the first failure stops all.
    double[] each(int count, Question<Integer, Double> question)
            throws EvaluationException, InterruptedException {
        double[] values = new double[count];
        AtomicReference<@Nullable EvaluationException> failure = new AtomicReference<>();
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int item = i;
            tasks.add(() -> {
                if (failure.get() == null) {
                    try {
                        values[item] = question.ask(item);
                    } catch (EvaluationException e) {
                        failure.compareAndSet(null, e);
                    } catch (InterruptedException e) {
                        failure.compareAndSet(null, new EvaluationException("interrupted", e));
                    }
                }
                done.incrementAndGet();
            });
        }
        AsyncValue<Boolean> all =
                AsyncValue.start(() -> {
                    try {
                        workers.runAll(tasks);
                        return true;
                    } finally {
                        ended.set(true);
                    }
                });
        try {
            follow(done, ended);
        } catch (EvaluationException | InterruptedException e) {
            failure.compareAndSet(null, new EvaluationException("stopped"));
            client.close();
            throw e;
        }
        all.get();
        EvaluationException failed = failure.get();
        if (failed != null) {
            throw new EvaluationException(failed.getMessage() + log.end(LINES), failed);
        }
        return values;
    }

    private void follow(AtomicInteger done, AtomicBoolean ended)
            throws EvaluationException, InterruptedException {
        int seen = 0;
        long last = System.nanoTime();
        while (!ended.get()) {
            watch();
            if (done.get() > seen) {
                seen = done.get();
                last = System.nanoTime();
            }
            if (System.nanoTime() - last > LONGEST_SILENCE.toNanos()) {
                throw new EvaluationException(
                        "the server did not answer for %d s%s"
                                .formatted(LONGEST_SILENCE.toSeconds(), log.end(LINES)));
            }
        }
    }

    /// Cancels pending queries.
    @Override
    public void close() {
        client.close();
        workers.close();
    }
}
