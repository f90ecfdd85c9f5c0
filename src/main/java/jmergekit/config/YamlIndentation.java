package jmergekit.config;

import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.problem.Problem;

/// Diagnoses the indentation of a line.
record YamlIndentation(YamlFault fault) {
    private static final Pattern KEY = Pattern.compile("[^'\"#\\[{]*?:(\\s|$).*");
    private static final Pattern DASHES = Pattern.compile("\\s*((?:-\\s+)*)");

    /// The number of leading spaces of a line.
    static int indent(String line) {
        int i = 0;
        while (i < line.length() && line.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    /// Whether a line is empty or only has a comment.
    static boolean isBlank(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#");
    }

    /// Whether a line has a key with a colon.
    static boolean hasKey(String line) {
        return KEY.matcher(line).matches();
    }

    /// The index of a line's first character that is neither a space nor the dash of a list.
    static int keyColumn(String line) {
        Matcher dashes = DASHES.matcher(line);
        return dashes.lookingAt() ? dashes.end() : 0;
    }

    Optional<Problem> problem() {
        String said = fault.said();
        boolean outside = said.contains("expected '<document start>'");
        if (!outside && !said.contains("expected <block end>")) {
            return Optional.empty();
        }
        int line = fault.line();
        String text = fault.text(line);
        if (indent(text) != fault.column()) {
            return Optional.of(
                    fault.here("text after the end of a value").hint("quote the whole value"));
        }
        boolean item = text.startsWith("-", indent(text));
        TreeSet<Integer> columns = columns(item);
        columns.remove(indent(text));
        String what =
                item && said.contains("found '-'")
                        ? "a list item where a key was expected"
                        : "the indentation does not match any line above";
        Problem problem = fault.inLine(line, what);
        if (columns.isEmpty()) {
            return Optional.of(
                    problem.hint(
                            item
                                    ? "put a key above the list, such as 'models:'"
                                    : "align it with the line above"));
        }
        String list =
                columns.stream()
                        .map(c -> Integer.toString(c + 1))
                        .collect(Collectors.joining(" or "));
        return Optional.of(
                problem.hint(
                        "start it in column %s, like the %s above"
                                .formatted(list, item ? "items" : "keys")));
    }

    // The columns of open list items or keys at the line.
    private TreeSet<Integer> columns(boolean item) {
        TreeSet<Integer> dashes = new TreeSet<>();
        TreeSet<Integer> keys = new TreeSet<>();
        for (int i = 0; i < fault.line(); i++) {
            String text = fault.text(i);
            if (isBlank(text)
                    || !text.contains(": ")
                            && !text.strip().endsWith(":")
                            && !text.strip().startsWith("- ")) {
                continue;
            }
            int start = indent(text);
            dashes.tailSet(start, false).clear();
            keys.tailSet(start, false).clear();
            for (int c = start; c < keyColumn(text); c++) {
                if (text.charAt(c) == '-') {
                    dashes.add(c);
                }
            }
            if (hasKey(text)) {
                keys.add(keyColumn(text));
            }
        }
        return item ? dashes : keys;
    }
}
