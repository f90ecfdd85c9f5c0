package jmergekit.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// A text of its own in the environment of a command, which all that the command starts inherits. On
/// Linux it finds processes that belong to no parent and no session of the command any more; elsewhere
/// it finds nothing.
final class ProcessMark {
    private static final String VARIABLE = "JMERGEKIT_TRIAL";
    private static final Path PROCESSES = Path.of("/proc");

    /// Of an environment; more than commonly fits there.
    private static final int MOST_BYTES = 8 << 20;

    private final String text = UUID.randomUUID().toString();

    /// Adds it to a command's environment, behind the mark of a command that this one runs in.
    void put(Map<String, String> environment) {
        environment.merge(VARIABLE, text, (outer, own) -> outer + " " + own);
    }

    /// The processes that have it. Those of other users are left out, and those that have replaced
    /// their environment.
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
            // It has ended, or is another user's.
            return false;
        }
    }
}
