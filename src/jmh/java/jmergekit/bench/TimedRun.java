package jmergekit.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A finished process.
///
/// @param seconds from before its start until its end was observed
/// @param processorSeconds total of all cores, sampled every 20 ms; 0 if unknown
/// @param peak memory of the process and its children, sampled at the same rate
record TimedRun(int status, double seconds, double processorSeconds, Memory peak) {
    private static final long POLL_MILLIS = 20;
    private static final File NOTHING = new File("/dev/null");

    /// Runs a program whose output goes to a log file.
    static TimedRun logged(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(NOTHING);
        long start = System.nanoTime();
        Process process = builder.start();
        Memory peak = Memory.NONE;
        Duration processor = Duration.ZERO;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            peak = peak.max(Memory.of(process.pid()));
            processor = process.info().totalCpuDuration().orElse(processor);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return new TimedRun(process.exitValue(), seconds, processor.toMillis() * 1e-3, peak);
    }

    /// Runs a system program, which must succeed; its output is discarded.
    ///
    /// @return seconds
    static double command(String program, List<Path> files)
            throws IOException, InterruptedException {
        return command(List.of(program), files);
    }

    /// The same with options.
    static double command(List<String> program, List<Path> files)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        files.forEach(file -> command.add(file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(NOTHING).redirectOutput(NOTHING);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new BenchException(String.join(" ", program) + " ended with status " + status);
        }
        return (System.nanoTime() - start) * 1e-9;
    }
}
