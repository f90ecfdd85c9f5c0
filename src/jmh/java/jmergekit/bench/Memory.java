package jmergekit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Memory use of a process and its children, in bytes, from Linux's `/proc`.
///
/// @param anonymous heap, stacks and other pages without a file
/// @param peakResident peak resident memory, including mapped files
record Memory(long anonymous, long peakResident) {
    static final Memory NONE = new Memory(0, 0);

    static Memory of(long process) {
        Path folder = Path.of("/proc", String.valueOf(process));
        Memory sum = read(folder.resolve("status"));
        for (long child : children(folder.resolve("task/" + process + "/children"))) {
            Memory memory = of(child);
            sum =
                    new Memory(
                            sum.anonymous + memory.anonymous,
                            sum.peakResident + memory.peakResident);
        }
        return sum;
    }

    private static Memory read(Path status) {
        long anonymous = 0;
        long peak = 0;
        for (String line : lines(status)) {
            if (line.startsWith("RssAnon:")) {
                anonymous = kilobytes(line);
            } else if (line.startsWith("VmHWM:")) {
                peak = kilobytes(line);
            }
        }
        return new Memory(anonymous, peak);
    }

    /// Bytes available to programs and cached files; 0 if unknown.
    static long available() {
        return info("MemAvailable:");
    }

    /// Bytes of memory of the machine; 0 if unknown.
    static long total() {
        return info("MemTotal:");
    }

    private static long info(String key) {
        return lines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(Memory::kilobytes)
                .findFirst()
                .orElse(0);
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }

    private static List<Long> children(Path file) {
        return lines(file).stream()
                .flatMap(line -> List.of(line.trim().split(" ")).stream())
                .filter(word -> !word.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file).lines().toList();
        } catch (IOException e) {
            // The process has ended, or this is not Linux.
            return List.of();
        }
    }

    Memory max(Memory other) {
        return new Memory(
                Math.max(anonymous, other.anonymous), Math.max(peakResident, other.peakResident));
    }
}
