package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// Rows of text and numbers.
///
/// @param caption the caption
/// @param columns the columns; the first names the rows
/// @param rows rows with one cell per column
public record Table(String caption, List<Column> columns, List<Row> rows) {
    /// The length up to which names stay on one line.
    private static final int SHORT = 28;

    /// @param isNumber whether it is right-aligned
    public record Column(String heading, boolean isNumber) {
        /// A column of text.
        public static Column text(String heading) {
            return new Column(heading, false);
        }

        /// A column of numbers.
        public static Column number(String heading) {
            return new Column(heading, true);
        }
    }

    /// @param standsOut whether this single cell is bold
    public record Cell(String text, boolean standsOut) {
        /// As others.
        public static Cell of(String text) {
            return new Cell(text, false);
        }
    }

    /// @param standsOut whether it has a highlighted background
    public record Row(boolean standsOut, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }

        /// As others.
        public static Row of(String... texts) {
            return new Row(false, List.of(texts).stream().map(Cell::of).toList());
        }
    }

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        int width = columns.size();
        if (rows.stream().anyMatch(row -> row.cells().size() != width)) {
            throw new IllegalArgumentException(
                    "rows with a different number of cells than the " + "table");
        }
    }

    List<Row> first(int most) {
        return rows.subList(0, Math.min(most, rows.size()));
    }

    /// As HTML, in a scrollable box.
    public Element element() {
        List<Element> headings = new ArrayList<>();
        for (Column column : columns) {
            Element heading = Element.text("th", column.heading()).with("scope", "col");
            headings.add(column.isNumber() ? heading.with("class", "number") : heading);
        }
        Element head = Element.of("thead", Element.of("tr").and(headings));
        Element body = Element.of("tbody").and(rows.stream().map(this::row).toList());
        Element table = Element.of("table", Element.text("caption", caption), head, body);
        return Element.of("div", table)
                .with("class", "scroll")
                .with("tabindex", "0")
                .with("role", "region")
                .with("aria-label", caption);
    }

    private Element row(Row row) {
        List<Element> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Cell cell = row.cells().get(i);
            Node text = new Text(cell.text());
            Node inside = cell.standsOut() ? Element.of("strong", text) : text;
            Element element = Element.of("td", inside);
            if (i == 0) {
                element = Element.of("th", inside).with("scope", "row");
                element = cell.text().length() <= SHORT ? element.with("class", "short") : element;
            }
            cells.add(columns.get(i).isNumber() ? element.with("class", "number") : element);
        }
        Element element = Element.of("tr").and(cells);
        return row.standsOut() ? element.with("class", "win") : element;
    }
}
