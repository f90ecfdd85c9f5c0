package jmergekit.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jmergekit.djl.LibraryFolder;
import jmergekit.djl.NativePart;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tokenizer.child.TextEncoder;

/// Runs [TextEncoder] in a separate virtual machine, with limits: a `tokenizer.json` can make the
/// native library crash, run forever or use all memory.
final class EncoderProcess {
    /// Far more than the largest tokenizer needs to load.
    private static final int CPU_SECONDS = 10;

    /// The limit if other work slows the process down, or the system has no CPU limits.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final long MEMORY_KILOBYTES = 3L << 20;
    private static final int MOST_BYTES = 64 << 20;
    private static final long PAUSE_MILLISECONDS = 2;

    /// Small, quick to start, and silent when it dies.
    private static final List<String> OPTIONS =
            List.of(
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:CompressedClassSpaceSize=64m",
                    "-XX:ReservedCodeCacheSize=32m",
                    "-XX:+SuppressFatalErrorMessage",
                    "-XX:-CreateCoredumpOnCrash",
                    "--enable-native-access=ALL-UNNAMED",
                    // Nothing is downloaded or reported to anyone.
                    "-Dai.djl.offline=true",
                    "-DOPT_OUT_TRACKING=true");

    /// The environment variables that the process receives; none is an access token.
    private static final Set<String> VARIABLES =
            Set.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT");

    private final Path file;
    private final String where;

    /// @param file the tokenizer.json
    /// @param where the name of the file in messages
    EncoderProcess(Path file, String where) {
        this.file = file;
        this.where = where;
    }

    /// The output of the process.
    ///
    /// @throws MergeException if it failed, or this installation has no tokenizers library
    byte[] run(List<String> texts) {
        NativePart.TOKENIZERS.require();
        Path libraries = LibraryFolder.use();
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command(libraries))
                            .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().retainAll(VARIABLES);
            builder.environment().put("TOKENIZERS_PARALLELISM", "false");
            builder.environment().put("MALLOC_ARENA_MAX", "2");
            Process process = builder.start();
            try {
                process.getOutputStream().write(message(texts));
                process.getOutputStream().close();
                return answer(process);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(where, "the tokenizers library cannot be run: " + e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("reading the prompts was interrupted");
        }
    }

    private List<String> command(Path libraries) {
        List<String> command = new ArrayList<>();
        // Other systems have no such limits, or ignore them.
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                && Files.isExecutable(Path.of("/bin/sh"))) {
            command.addAll(
                    List.of(
                            "/bin/sh",
                            "-c",
                            "ulimit -c 0; ulimit -t %s; ulimit -v %s; exec \"$0\" \"$@\""
                                    .formatted(CPU_SECONDS, MEMORY_KILOBYTES)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.add("-DDJL_CACHE_DIR=" + libraries);
        command.addAll(
                List.of(
                        "-cp",
                        absolute(System.getProperty("java.class.path")),
                        TextEncoder.class.getName(),
                        file.toAbsolutePath().toString()));
        return command;
    }

    private static String absolute(String classPath) {
        return List.of(classPath.split(File.pathSeparator)).stream()
                .map(p -> Path.of(p).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElse("");
    }

    private static byte[] message(List<String> texts) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(message);
        out.writeInt(texts.size());
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        return message.toByteArray();
    }

    // A read would block as long as the process lives.
    private byte[] answer(Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = process.getInputStream();
        while (true) {
            boolean ended = !process.isAlive();
            int ready = in.available();
            if (ready > 0) {
                all.write(in.readNBytes(ready));
            } else if (ended) {
                break;
            } else {
                process.waitFor(PAUSE_MILLISECONDS, TimeUnit.MILLISECONDS);
            }
            if (all.size() > MOST_BYTES) {
                throw refused("the tokenizer makes too many tokens from the prompts");
            }
            if (System.nanoTime() > end) {
                throw refused(
                        "the tokenizers library did not finish with it within %d s"
                                .formatted(LONGEST.toSeconds()));
            }
        }
        if (process.exitValue() != 0) {
            throw refused(
                    "the tokenizers library crashed on it, ran for over %d s or used over %d GB"
                                    .formatted(CPU_SECONDS, MEMORY_KILOBYTES >> 20)
                            + " (status "
                            + process.exitValue()
                            + ")");
        }
        return all.toByteArray();
    }

    private MergeException refused(String what) {
        return new MergeException(
                Problem.input(where, what)
                        .hint("use the tokenizer of the model's original authors"));
    }
}
