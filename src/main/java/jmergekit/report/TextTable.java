package jmergekit.report;

import java.util.ArrayList;
import java.util.List;

/// Columns for a terminal: the first is left-aligned, the others are right-aligned.
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /// @param cells the same number in every row
    TextTable row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /// The rows as indented lines.
    List<String> lines(String indent) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int c = 0; c < row.size(); c++) {
                String space = " ".repeat(width(c) - length(row.get(c)));
                line.append(c == 0 ? "" : "  ");
                line.append(c == 0 ? row.get(c) + space : space + row.get(c));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
