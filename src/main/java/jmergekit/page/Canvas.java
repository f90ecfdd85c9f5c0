package jmergekit.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Printable;

/// Shapes in a rectangle, and points with text. Lengths are in drawing units; y grows downwards.
public final class Canvas {
    /// A point with its text.
    public record Point(double x, double y, String text) {}

    /// The positions of the cells of the chart's table: the centre of the first cell, and the steps
    /// to the next ones.
    record Grid(double x, double y, double right, double down) {}

    private final double width;
    private final double height;
    private final List<Element> shapes = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Grid> grid = Optional.empty();

    Canvas(double width, double height) {
        this.width = width;
        this.height = height;
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    List<Element> shapes() {
        return shapes;
    }

    List<Point> points() {
        return points;
    }

    List<String> notes() {
        return notes;
    }

    Optional<Grid> grid() {
        return grid;
    }

    void line(String look, double x1, double y1, double x2, double y2) {
        Path path = new Path().move(x1, y1).line(x2, y2);
        path(look, path);
    }

    void path(String look, Path path) {
        if (!path.isEmpty()) {
            shapes.add(Element.of("path").with("class", look).with("d", path.toString()));
        }
    }

    void box(String look, double x, double y, double boxWidth, double boxHeight) {
        shapes.add(
                Element.of("rect")
                        .with("class", look)
                        .with("x", x)
                        .with("y", y)
                        .with("width", boxWidth)
                        .with("height", boxHeight));
    }

    /// @param look the anchor, `start`, `middle` or `end`, and further classes
    void text(String look, double x, double y, String text) {
        shapes.add(Element.text("text", text).with("class", look).with("x", x).with("y", y));
    }

    /// Rotated text.
    ///
    /// @param degrees clockwise
    void text(String look, double x, double y, double degrees, String text) {
        String place = Numbers.place(x) + " " + Numbers.place(y);
        shapes.add(
                Element.text("text", text)
                        .with("class", look)
                        .with("x", x)
                        .with("y", y)
                        .with("transform", "rotate(" + Numbers.place(degrees) + " " + place + ")"));
    }

    /// Adds text that is shown when a reader points there.
    void point(double x, double y, String text) {
        points.add(new Point(x, y, text));
    }

    /// Adds the cells of the chart's table as points.
    void grid(Grid place) {
        grid = Optional.of(place);
    }

    /// A sentence below the drawing.
    void note(String sentence) {
        notes.add(sentence);
    }

    /// Text with the middle omitted if it is too long.
    static String shorten(String text, int most) {
        return Printable.shorten(text, most);
    }
}
