package jmergekit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The program's final report for one GPU.
///
/// @param gpu its number and name
/// @param bytesIn copied to it
/// @param bytesOut copied from it
/// @param busySeconds from the first of these copies to the last
/// @param speed of these copies, in bytes per second of that time
/// @param pinnedSpeed of a separate copy from pinned memory to the GPU
record DeviceUse(
        String gpu,
        double bytesIn,
        double bytesOut,
        double busySeconds,
        double speed,
        double pinnedSpeed) {
    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";

    // cuda:0 NAME: 6.60 GB in, 2.20 GB out, busy 0.41 s, 21.5 GB/s of 52.3 GB/s pinned
    private static final Pattern LINE =
            Pattern.compile(
                    "(cuda:[0-9]+[^\\n]*?): N GB in, N GB out, busy N s, N GB/s of N GB/s pinned"
                            .replace("N", NUMBER));

    /// One for each GPU reported in a log; none for a merge on the CPU.
    static List<DeviceUse> in(Path log) throws IOException {
        // Any bytes are valid text in this character set, and the line contains only ASCII, except
        // in a name.
        return in(Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    private static List<DeviceUse> in(String log) {
        return LINE.matcher(log).results().map(DeviceUse::of).toList();
    }

    private static DeviceUse of(MatchResult line) {
        return new DeviceUse(
                line.group(1),
                1e9 * number(line, 2),
                1e9 * number(line, 3),
                number(line, 4),
                1e9 * number(line, 5),
                1e9 * number(line, 6));
    }

    private static double number(MatchResult line, int group) {
        return Double.parseDouble(line.group(group));
    }
}
