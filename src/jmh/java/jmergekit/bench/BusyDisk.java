package jmergekit.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Another process that reads and writes the disk until this is closed.
///
/// It also ends if the bench dies, because its standard input then ends.
final class BusyDisk implements AutoCloseable {
    /// The size of its file.
    static final long BYTES = 1_000_000_000;

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;
    private final Path file;
    private final Thread atExit = new Thread(this::end);

    private BusyDisk(Process process, Path file) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.file = file;
    }

    /// Returns once the disk is busy.
    static BusyDisk start(Path folder) throws IOException {
        Path file = folder.resolve("busy.bin");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(
                        java,
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiskWork.class.getName(),
                        file.toString(),
                        String.valueOf(BYTES));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BusyDisk disk = new BusyDisk(process, file);
        Runtime.getRuntime().addShutdownHook(disk.atExit);
        // It reports this once its file has full length and has been read from.
        if (disk.output.readLine() == null) {
            throw new BenchException("the process that uses the disk did not start");
        }
        return disk;
    }

    /// Refuses to continue if the disk was not busy during the measurement.
    void requireAtWork() {
        if (!process.isAlive()) {
            throw new BenchException("the process that uses the disk has ended");
        }
    }

    /// Stops the process.
    ///
    /// @return a summary of what it did
    String stop() throws IOException, InterruptedException {
        requireAtWork();
        process.getOutputStream().close();
        String done = output.readLine();
        if (done == null || !process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new BenchException("the process that uses the disk failed");
        }
        return done;
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The bench is shutting down, and its hook is running.
        }
    }

    private void end() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(file);
        } catch (IOException | InterruptedException e) {
            Progress.say("%s: %s", file, e);
        }
    }
}
