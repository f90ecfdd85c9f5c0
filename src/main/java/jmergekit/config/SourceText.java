package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.problem.Location;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// A recipe's text by lines, to convert the YAML library's marks to locations.
record SourceText(String name, String text, List<String> lines) {
    // For longer lines, whose carets would be off the screen, only the line number is given.
    private static final int LONGEST_SHOWN_LINE = 200;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    static SourceText of(String name, String text) {
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return new SourceText(name, content, content.lines().toList());
    }

    Location start() {
        return at(0, 0, 1);
    }

    /// From `start` to `end`, or one character if they are on different lines.
    Location between(Optional<Mark> start, Optional<Mark> end) {
        if (start.isEmpty()) {
            return start();
        }
        int line = start.get().getLine();
        int column = start.get().getColumn();
        int length =
                end.filter(e -> e.getLine() == line).map(e -> e.getColumn() - column).orElse(1);
        return at(line, column, Math.max(1, length));
    }

    /// The location of the character with this index, in code points.
    Location atIndex(int index) {
        int line = 0;
        int column = 0;
        for (int c : text.codePoints().limit(index).toArray()) {
            if (c == '\n') {
                line++;
                column = 0;
            } else {
                column++;
            }
        }
        return at(line, column, 1);
    }

    /// The location of `length` characters starting at this line and column, counted from 0.
    Location at(int line, int column, int length) {
        String shown = line < lines.size() ? lines.get(line) : "";
        return new Location(
                name,
                line + 1,
                column + 1,
                length,
                shown.length() > LONGEST_SHOWN_LINE ? "" : shown);
    }
}
