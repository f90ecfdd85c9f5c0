package jmergekit.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Printable;

/// Shapes in a rectangle, and the points in it that have something to say. Lengths are in units of
/// the drawing; y grows downwards.
public final class Canvas {
    /// A place with what it says.
    public record Point(double x, double y, String text) {}

    /// Where the cells of the chart's table are: the middle of the first, and the steps to the next.
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

    /// @param look `start`, `middle` or `end`, for where of the text the place is, and more classes
    void text(String look, double x, double y, String text) {
        shapes.add(Element.text("text", text).with("class", look).with("x", x).with("y", y));
    }

    /// Text that is turned around its place.
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

    /// Says something to whoever points there.
    void point(double x, double y, String text) {
        points.add(new Point(x, y, text));
    }

    /// Says the chart's table, each cell where it is drawn.
    void grid(Grid place) {
        grid = Optional.of(place);
    }

    /// A sentence below the drawing.
    void note(String sentence) {
        notes.add(sentence);
    }

    /// Text with the middle left out, if it is longer than there is room for.
    static String shorten(String text, int most) {
        return Printable.shorten(text, most);
    }
}
