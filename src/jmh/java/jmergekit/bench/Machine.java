package jmergekit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// The machine that figures come from, in one line; without it they mean nothing.
final class Machine {
    private Machine() {}

    /// @param folder of the bench, for its file system
    /// @param repository whose commit is timed
    static String line(Path folder, Path repository) throws IOException, InterruptedException {
        List<String> parts = new ArrayList<>();
        parts.add(processor());
        parts.add(Runtime.getRuntime().availableProcessors() + " cores");
        parts.add("%.0f GiB of memory".formatted(Memory.total() * 0x1p-30));
        parts.add(System.getProperty("os.name") + " " + System.getProperty("os.version"));
        parts.add(Files.getFileStore(folder).type());
        parts.add("JDK " + Runtime.version());
        parts.add(commit(repository));
        parts.add(load());
        parts.add(LocalDate.now(ZoneOffset.UTC).toString());
        return String.join(", ", parts.stream().filter(part -> !part.isEmpty()).toList());
    }

    /// A line for each NVIDIA GPU; none if their driver is missing.
    static List<String> gpus() throws InterruptedException {
        String fields = "--query-gpu=index,name,memory.total,driver_version,pcie.link.gen.current";
        return output("nvidia-smi", fields, "--format=csv,noheader")
                .lines()
                .map(line -> "GPU " + line)
                .toList();
    }

    private static String processor() {
        return read("/proc/cpuinfo")
                .lines()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .orElse(System.getProperty("os.arch"));
    }

    /// The load of the last minute: figures are worse if other programs are running.
    private static String load() {
        String text = read("/proc/loadavg");
        return text.isEmpty() ? "" : "load " + text.substring(0, text.indexOf(' ')) + " before";
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }

    private static String commit(Path repository) throws InterruptedException {
        String hash = git(repository, "rev-parse", "--short", "HEAD");
        if (hash.isEmpty()) {
            return "";
        }
        boolean changed = !git(repository, "status", "--porcelain").isEmpty();
        return "commit " + hash + (changed ? " with changes" : "");
    }

    /// The output of git, or nothing if there is no git, repository or commit.
    private static String git(Path repository, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        return output(command.toArray(String[]::new));
    }

    /// The output of a program, or nothing if there is no such program, or it fails.
    private static String output(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            byte[] output = process.getInputStream().readAllBytes();
            boolean done = process.waitFor() == 0;
            return done ? new String(output, StandardCharsets.UTF_8).trim() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
