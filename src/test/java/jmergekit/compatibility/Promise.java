package jmergekit.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// A stable interface as a sorted list of lines, kept in a file of its name.
final class Promise {
    /// With this system property the files are written instead of compared.
    private static final String WRITE = "jmergekit.promises.write";

    private static final Path FOLDER = Path.of("src/test/resources/jmergekit/compatibility");

    private Promise() {}

    /// Compares what the program does with what is promised.
    ///
    /// @param name of the file, without its suffix
    static void check(String name, Collection<String> lines) throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        TreeSet<String> found = new TreeSet<>(lines);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, String.join("\n", found) + "\n");
        }
        String difference = difference(new TreeSet<>(Files.readAllLines(file)), found);
        if (!difference.isEmpty()) {
            throw new AssertionError(name + ": " + difference);
        }
    }

    /// The message for a difference; empty if there is none.
    static String difference(TreeSet<String> promised, TreeSet<String> found) {
        List<String> lines = new ArrayList<>();
        promised.stream().filter(l -> !found.contains(l)).forEach(l -> lines.add("- " + l));
        found.stream().filter(l -> !promised.contains(l)).forEach(l -> lines.add("+ " + l));
        if (lines.isEmpty()) {
            return "";
        }
        boolean breaks = lines.getFirst().startsWith("-");
        return """
        a stable interface changed (- removed, + added):
        %s
        %s If it is deliberate, name it in CHANGELOG.md and write the lists again:
        scripts/test -Dtest='*PromiseTest' -D%s=true
        """
                .formatted(
                        String.join("\n", lines),
                        breaks
                                ? "Users rely on the removed lines: see docs/reference/compatibility.md."
                                : "Only additions, which are compatible.",
                        WRITE);
    }
}
