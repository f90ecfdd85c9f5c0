package jmergekit.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Recognises folders on which other file systems are mounted: they cannot be renamed or replaced.
final class MountPoints {
    /// Linux's list: the fifth field of a line is the mount point.
    private static final Path LIST = Path.of("/proc/self/mountinfo");

    private static final int FIELD = 4;
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    private MountPoints() {}

    /// @param folder an existing one, without links
    static boolean include(Path folder) {
        return listed().contains(folder.toString()) || isOnOtherDevice(folder);
    }

    // A folder of the same file system that is mounted elsewhere has the device of its parent.
    private static Set<String> listed() {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.map(line -> line.split(" "))
                    .filter(fields -> fields.length > FIELD)
                    .map(fields -> unescaped(fields[FIELD]))
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    private static String unescaped(String field) {
        return ESCAPE.matcher(field).replaceAll(MountPoints::character);
    }

    private static String character(MatchResult escape) {
        char c = (char) Integer.parseInt(escape.group(1), 8);
        return Matcher.quoteReplacement(String.valueOf(c));
    }

    private static boolean isOnOtherDevice(Path folder) {
        Path parent = folder.getParent();
        try {
            return parent != null
                    && !Files.getAttribute(folder, "unix:dev")
                            .equals(Files.getAttribute(parent, "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
