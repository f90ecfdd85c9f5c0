package jmergekit.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// A unique text in the environment of a command, which all of its descendants inherit. On Linux it
/// finds processes that have left the command's process tree and session; on other systems it finds
/// nothing.
final class ProcessMark {
    private static final String VARIABLE = "JMERGEKIT_TRIAL";
    private static final Path PROCESSES = Path.of("/proc");

    /// Of an environment; larger than usual environments.
    private static final int MOST_BYTES = 8 << 20;

    private final String text = UUID.randomUUID().toString();

    /// Adds it to a command's environment, after the mark of an enclosing command if there is one.
    void put(Map<String, String> environment) {
        environment.merge(VARIABLE, text, (outer, own) -> outer + " " + own);
    }

    /// The processes that have it, except those of other users and those that have replaced their
    /// environment.
    Stream<ProcessHandle> processes() {
        return Files.isReadable(environment(ProcessHandle.current().pid()))
                ? ProcessHandle.allProcesses().filter(this::isOn)
                : Stream.empty();
    }

    private static Path environment(long pid) {
        return PROCESSES.resolve(String.valueOf(pid)).resolve("environ");
    }

    private boolean isOn(ProcessHandle process) {
        try (InputStream in = Files.newInputStream(environment(process.pid()))) {
            byte[] bytes = in.readNBytes(MOST_BYTES);
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            // It has ended, or belongs to another user.
            return false;
        }
    }
}
