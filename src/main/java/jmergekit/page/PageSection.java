package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// A part of a page with a heading; what is added comes below what is there.
public final class PageSection {
    /// Part of its size that a wide chart keeps on narrow screens, where it scrolls.
    private static final double LEAST_SIZE = 0.78;

    private final Page page;
    private final String identifier;
    private final String heading;
    private final List<Element> contents = new ArrayList<>();

    PageSection(Page page, String identifier, String heading) {
        this.page = page;
        this.identifier = identifier;
        this.heading = heading;
    }

    /// A paragraph of text.
    public PageSection paragraph(String text) {
        return add(Element.text("p", text));
    }

    /// A paragraph that stands out.
    public PageSection lead(String text) {
        return add(Element.text("p", text).with("class", "lead"));
    }

    /// Rows of text and numbers.
    public PageSection table(Table table) {
        return add(table.element());
    }

    /// Rows that are shown on demand.
    public PageSection folded(Table table) {
        return add(
                Element.of("details", Element.text("summary", table.caption()), table.element()));
    }

    /// A drawing across the page.
    public PageSection chart(Chart chart) {
        return add(figure(chart, true).with("class", "wide"));
    }

    /// Drawings beside each other, as many as there is room for; one legend if they share it.
    ///
    /// @param small whether they are small ones
    public PageSection charts(boolean small, List<? extends Chart> charts) {
        boolean alike = charts.stream().map(Chart::legend).distinct().count() == 1;
        if (alike) {
            contents.addAll(legend(charts.getFirst()));
        }
        Element grid = Element.of("div").with("class", small ? "grid small" : "grid");
        return add(grid.and(charts.stream().map(chart -> figure(chart, !alike)).toList()));
    }

    /// Text that can be copied.
    public PageSection code(String text) {
        Element button =
                Element.text("button", "Copy")
                        .with("type", "button")
                        .with("class", "copy")
                        .with("hidden", "hidden");
        Element pre = Element.text("pre", text).with("tabindex", "0").with("aria-label", heading);
        return add(Element.of("div", button, pre).with("class", "code"));
    }

    String heading() {
        return heading;
    }

    String identifier() {
        return identifier;
    }

    Element element() {
        return Element.of("section", Element.text("h2", heading))
                .and(contents)
                .with("id", identifier);
    }

    private PageSection add(Element element) {
        contents.add(element);
        return this;
    }

    private Element figure(Chart chart, boolean explained) {
        Canvas canvas = chart.drawing();
        String id = page.add(chart, canvas);
        Element svg =
                Element.of("svg")
                        .with("xmlns", "http://www.w3.org/2000/svg")
                        .with(
                                "viewBox",
                                "0 0 %s %s"
                                        .formatted(
                                                Numbers.place(canvas.width()),
                                                Numbers.place(canvas.height())))
                        .with("role", "img")
                        .with("aria-labelledby", id + "-title " + id + "-text")
                        .and(
                                Element.text("title", chart.title()).with("id", id + "-title"),
                                Element.text("desc", chart.description()).with("id", id + "-text"))
                        .and(canvas.shapes());
        int hundreds = (int) Math.ceil(canvas.width() * LEAST_SIZE / 100);
        String least = "least-" + Math.min(hundreds, 10);
        Element box =
                Element.of("div", svg.with("class", least))
                        .with("class", "scroll chart")
                        .with("id", id)
                        .with("tabindex", "0")
                        .with("role", "group")
                        .with(
                                "aria-label",
                                chart.title() + ": arrow keys move from point to point");
        Element said =
                Element.of("p")
                        .with("class", "said")
                        .with("role", "status")
                        .with("id", id + "-said");
        Element figure = Element.of("figure", Element.text("figcaption", chart.title()));
        return figure.and(explained ? legend(chart) : List.of()).and(box, said).and(notes(canvas));
    }

    private static List<Element> legend(Chart chart) {
        if (chart.legend().isEmpty()) {
            return List.of();
        }
        List<Element> entries = new ArrayList<>();
        for (Chart.LegendEntry entry : chart.legend()) {
            boolean filled = entry.look().startsWith("bar") || entry.look().startsWith("cell");
            Element shape =
                    filled
                            ? Element.of("rect")
                                    .with("x", 4)
                                    .with("y", 2)
                                    .with("width", 14)
                                    .with("height", 10)
                            : Element.of("path").with("d", swatch(entry.look()));
            Element svg =
                    Element.of("svg", shape.with("class", entry.look()))
                            .with("viewBox", "0 0 22 14")
                            .with("aria-hidden", "true");
            entries.add(Element.of("li", svg, new Text(entry.name())));
        }
        return List.of(Element.of("ul").and(entries).with("class", "legend"));
    }

    private static String swatch(String look) {
        Path path = new Path();
        if (look.startsWith("line") || look.startsWith("steps")) {
            return path.move(1, 7).line(21, 7).toString();
        }
        if (look.startsWith("crosses")) {
            return path.cross(11, 7, 3).toString();
        }
        if (look.startsWith("columns")) {
            return path.move(6, 13).line(6, 3).line(16, 3).line(16, 13).toString();
        }
        return path.dot(11, 7).toString();
    }

    private static List<Element> notes(Canvas canvas) {
        return canvas.notes().stream()
                .map(note -> Element.text("p", note).with("class", "note"))
                .toList();
    }
}
