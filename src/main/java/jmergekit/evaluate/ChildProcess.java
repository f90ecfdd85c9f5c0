package jmergekit.evaluate;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jmergekit.threads.ExitAction;
import jmergekit.weights.IoReason;

/// A running command and all processes that it starts. When it is closed, or this program ends,
/// none of these processes is left; on Linux this includes processes that have detached themselves.
/// Its standard input is empty, and its output goes to a log.
final class ChildProcess implements AutoCloseable {
    private static final int OUTPUT_END = 4 << 20;
    private static final int READ_AT_ONCE = 1 << 16;
    private static final int PAUSE_MILLIS = 10;

    /// More output often follows soon: a pipe's buffer is small, and its writer waits.
    private static final long SHORTEST_PAUSE_NANOS = 50_000;

    /// The interval for scanning the command's descendants: orphaned processes cannot be traced
    /// back, so they must be found before their parent ends.
    private static final long LOOK_NANOS = 200_000_000;

    /// A bound in case processes are started without end.
    private static final int MOST_LOOKS = 20;

    /// Time to terminate gracefully.
    private static final long GRACE_NANOS = 300_000_000;

    private final Process process;
    private final ProcessMark mark;
    private final LogFile log;
    private final TailBuffer output = new TailBuffer(OUTPUT_END);
    private final Set<ProcessHandle> started = new LinkedHashSet<>();
    private final byte[] buffer = new byte[READ_AT_ONCE];
    private final ExitAction exit;
    private long looked;
    private long pauseNanos = SHORTEST_PAUSE_NANOS;

    private ChildProcess(Process process, ProcessMark mark, LogFile log) {
        this.process = process;
        this.mark = mark;
        this.log = log;
        this.exit = ExitAction.add(this::killAll);
    }

    /// @param gpu the only GPU that is visible to the command
    static ChildProcess start(CommandTemplate.Command command, OptionalInt gpu, LogFile log)
            throws EvaluationException {
        ProcessBuilder builder =
                new ProcessBuilder(command.words())
                        .redirectInput(new File(CommandTemplate.WINDOWS ? "NUL" : "/dev/null"));
        Map<String, String> environment = builder.environment();
        environment.putAll(command.variables());
        gpu.ifPresent(g -> environment.put("CUDA_VISIBLE_DEVICES", String.valueOf(g)));
        ProcessMark mark = new ProcessMark();
        mark.put(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new EvaluationException("cannot start the system's shell: " + IoReason.of(e), e);
        }
        try {
            return new ChildProcess(process, mark, log);
        } catch (IllegalStateException e) {
            process.destroyForcibly();
            mark.processes().forEach(ProcessHandle::destroyForcibly);
            throw new EvaluationException("the program is shutting down", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// The exit status of a command that has ended.
    int status() {
        return process.exitValue();
    }

    /// The end of its standard output.
    byte[] output() {
        return output.last(OUTPUT_END);
    }

    /// Reads new output, and waits briefly if there is none.
    void follow() throws EvaluationException, InterruptedException {
        boolean said = readAll();
        if (System.nanoTime() - looked > LOOK_NANOS) {
            look();
        }
        if (said) {
            pauseNanos = SHORTEST_PAUSE_NANOS;
        } else {
            process.waitFor(pauseNanos, TimeUnit.NANOSECONDS);
            pauseNanos = Math.min(2 * pauseNanos, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    /// Reads the remaining output of a command that has ended.
    void finish() throws EvaluationException {
        boolean more = true;
        while (more) {
            more = readAll();
        }
    }

    private boolean readAll() throws EvaluationException {
        try {
            int out = read(process.getInputStream());
            output.add(buffer, out);
            int err = read(process.getErrorStream());
            return out + err > 0;
        } catch (IOException e) {
            throw new EvaluationException("cannot write the log: " + IoReason.of(e), e);
        }
    }

    // A blocking read would wait as long as any process holds the other end.
    private int read(InputStream in) throws IOException {
        int ready = Math.min(in.available(), buffer.length);
        int count = ready > 0 ? Math.max(0, in.read(buffer, 0, ready)) : 0;
        log.add(buffer, count);
        return count;
    }

    private synchronized void look() {
        started.removeIf(p -> !p.isAlive());
        process.descendants().forEach(started::add);
        List.copyOf(started).forEach(p -> p.descendants().forEach(started::add));
        looked = System.nanoTime();
    }

    // Includes processes that have left the command's process group, such as daemons. This reads
    // the environment of every process on the machine.
    private synchronized void lookEverywhere() {
        look();
        mark.processes().forEach(started::add);
    }

    // Processes started during this pass are found in the next one.
    private synchronized void killAll() {
        boolean more = true;
        for (int i = 0; more && i < MOST_LOOKS; i++) {
            Set<ProcessHandle> known = Set.copyOf(started);
            lookEverywhere();
            process.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
            more = i == 0 || !known.containsAll(started);
        }
    }

    private synchronized void endAll() {
        lookEverywhere();
        started.forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private synchronized boolean anyAlive() {
        return process.isAlive() || started.stream().anyMatch(ProcessHandle::isAlive);
    }

    @Override
    public void close() {
        endAll();
        long end = System.nanoTime() + GRACE_NANOS;
        boolean interrupted = false;
        while (anyAlive() && System.nanoTime() < end && !interrupted) {
            interrupted = pause();
        }
        killAll();
        exit.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Stream.of(process.getInputStream(), process.getErrorStream())
                .forEach(ChildProcess::closeQuietly);
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // No further output is read from it.
        }
    }

    /// The retained standard output, as text.
    String outputText() {
        return new String(output(), StandardCharsets.UTF_8);
    }
}
