package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// A chart in a page, with its caption, legend, notes, and its numbers on demand.
final class Figure {
    /// The minimum scale of a wide chart on narrow screens, where it scrolls.
    private static final double LEAST_SIZE = 0.78;

    private Figure() {}

    /// @param id the chart's id in the page
    /// @param explained whether it includes its legend
    static Element of(Chart chart, Canvas canvas, String id, boolean explained) {
        int hundreds = (int) Math.ceil(canvas.width() * LEAST_SIZE / 100);
        Element svg =
                drawing(canvas)
                        .with("role", "img")
                        .with("aria-labelledby", id + "-title " + id + "-text")
                        .with("class", "least-" + Math.min(hundreds, 10));
        Element title = Element.text("title", chart.title()).with("id", id + "-title");
        Element description = Element.text("desc", chart.description()).with("id", id + "-text");
        Element box =
                Element.of("div", svg.and(title, description).and(canvas.shapes()))
                        .with("class", "scroll chart")
                        .with("id", id)
                        .with("tabindex", "0")
                        .with("role", "group")
                        .with(
                                "aria-label",
                                chart.title() + ": use the arrow keys to move between points");
        Element said =
                Element.of("p")
                        .with("class", "said")
                        .with("role", "status")
                        .with("id", id + "-said");
        List<Node> parts = new ArrayList<>();
        parts.add(Element.text("figcaption", chart.title()));
        if (explained) {
            parts.addAll(Legend.of(chart));
        }
        chart.key().ifPresent(key -> parts.add(key(key)));
        parts.add(box);
        parts.add(said);
        canvas.notes().forEach(note -> parts.add(Element.text("p", note).with("class", "note")));
        if (chart.table().isPresent()) {
            parts.add(values());
        }
        return Element.of("figure").and(parts);
    }

    static Element drawing(Canvas canvas) {
        String size = Numbers.place(canvas.width()) + " " + Numbers.place(canvas.height());
        return Element.of("svg")
                .with("xmlns", "http://www.w3.org/2000/svg")
                .with("viewBox", "0 0 " + size);
    }

    private static Element key(Canvas key) {
        return drawing(key)
                .with("width", key.width())
                .with("height", key.height())
                .with("class", "key")
                .with("aria-hidden", "true")
                .and(key.shapes());
    }

    /// An element that the script fills when a reader opens it.
    private static Element values() {
        return Element.of("details", Element.text("summary", "Values as a table"))
                .with("class", "values")
                .with("hidden", "hidden");
    }
}
