package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// A chart as a standalone file, for documents: with embedded title, legend and style, on a light
/// background, so that it looks the same everywhere. It fetches nothing and has no script.
public final class SvgFile {
    private static final double MARGIN = 16;
    private static final double TITLE = 40;
    private static final double LINE = 22;

    /// The width of a legend character.
    private static final double CHARACTER = 6.6;

    private static final int NAME = 40;

    private SvgFile() {}

    /// The file's text; in UTF-8.
    public static String of(Chart chart) {
        Canvas canvas = chart.drawing();
        double width = canvas.width() + 2 * MARGIN;
        List<Element> shapes = new ArrayList<>();
        int most = (int) (canvas.width() / 8);
        shapes.add(
                Element.text("text", Canvas.shorten(chart.title(), most))
                        .with("class", "title")
                        .with("x", MARGIN)
                        .with("y", 26));
        double y = TITLE;
        if (!chart.legend().isEmpty()) {
            y = legend(chart.legend(), width, y, shapes);
        }
        if (chart.key().isPresent()) {
            Canvas key = chart.key().get();
            shapes.add(moved(key.shapes(), MARGIN, y));
            y += key.height() + 6;
        }
        shapes.add(moved(canvas.shapes(), MARGIN, y));
        y += canvas.height() + MARGIN;
        for (String note : canvas.notes()) {
            shapes.add(text("label", MARGIN, y, note));
            y += LINE;
        }
        Canvas all = new Canvas(width, y);
        Element ground =
                Element.of("rect")
                        .with("class", "ground")
                        .with("width", width)
                        .with("height", y)
                        .with("rx", 8);
        return Markup.of(
                        Figure.drawing(all)
                                .with("width", width)
                                .with("height", y)
                                .with("role", "img")
                                .and(
                                        Element.text("title", chart.title()),
                                        Element.text("desc", chart.description()),
                                        Element.of("style", new Verbatim(Style.ofChart())),
                                        ground)
                                .and(shapes))
                .strip()
                .concat("\n");
    }

    private static double legend(
            List<Chart.LegendEntry> entries, double width, double top, List<Element> shapes) {
        double x = MARGIN;
        double y = top;
        for (Chart.LegendEntry entry : entries) {
            String name = Canvas.shorten(entry.name(), NAME);
            double length = 30 + CHARACTER * name.length() + 18;
            if (x > MARGIN && x + length > width - MARGIN) {
                x = MARGIN;
                y += LINE;
            }
            shapes.add(moved(List.of(Legend.swatch(entry.look())), x, y));
            shapes.add(text("label", x + 28, y + 11, name));
            x += length;
        }
        return y + LINE + 4;
    }

    private static Element text(String look, double x, double y, String text) {
        return Element.text("text", text).with("class", look).with("x", x).with("y", y);
    }

    private static Element moved(List<Element> shapes, double x, double y) {
        String place = "translate(" + Numbers.place(x) + " " + Numbers.place(y) + ")";
        return Element.of("g").and(shapes).with("transform", place);
    }
}
