package jmergekit.page;

import java.util.List;

/// The legend: the look of each series.
final class Legend {
    private static final double WIDTH = 22;
    private static final double HEIGHT = 14;

    private Legend() {}

    /// An HTML list; empty if the chart needs no legend.
    static List<Element> of(Chart chart) {
        if (chart.legend().isEmpty()) {
            return List.of();
        }
        List<Element> entries = chart.legend().stream().map(Legend::entry).toList();
        return List.of(Element.of("ul").and(entries).with("class", "legend"));
    }

    private static Element entry(Chart.LegendEntry entry) {
        Element svg =
                Element.of("svg", swatch(entry.look()))
                        .with(
                                "viewBox",
                                "0 0 " + Numbers.place(WIDTH) + " " + Numbers.place(HEIGHT))
                        .with("aria-hidden", "true");
        return Element.of("li", svg, new Text(entry.name()));
    }

    /// A sample of a look, 22 units wide and 14 high.
    static Element swatch(String look) {
        Path path = new Path();
        if (look.startsWith("line") || look.startsWith("steps")) {
            path.move(1, 7).line(21, 7);
        } else if (look.startsWith("crosses")) {
            path.cross(11, 7, 3);
        } else if (look.startsWith("columns")) {
            path.move(6, 13).line(6, 3).line(16, 3).line(16, 13);
        } else if (look.startsWith("bar") || look.startsWith("cell") || look.startsWith("area")) {
            path.box(4, 2, 14, 10);
        } else {
            path.dot(11, 7);
        }
        return Element.of("path").with("class", look).with("d", path.toString());
    }
}
