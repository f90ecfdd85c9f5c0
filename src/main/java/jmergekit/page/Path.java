package jmergekit.page;

/// SVG path data.
final class Path {
    private final StringBuilder text = new StringBuilder();

    Path move(double x, double y) {
        return add('M', x, y);
    }

    Path line(double x, double y) {
        return add('L', x, y);
    }

    /// A point, shown as a dot by round line caps.
    Path dot(double x, double y) {
        move(x, y);
        text.append("h0");
        return this;
    }

    Path cross(double x, double y, double half) {
        return move(x - half, y - half)
                .line(x + half, y + half)
                .move(x - half, y + half)
                .line(x + half, y - half);
    }

    /// A vertical error bar with end caps.
    Path errorBar(double x, double y1, double y2, double half) {
        return move(x, y1)
                .line(x, y2)
                .move(x - half, y1)
                .line(x + half, y1)
                .move(x - half, y2)
                .line(x + half, y2);
    }

    /// A rectangle from its upper left corner.
    Path box(double x, double y, double width, double height) {
        move(x, y);
        text.append('h').append(Numbers.place(width)).append('v').append(Numbers.place(height));
        text.append('h').append(Numbers.place(-width)).append('z');
        return this;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    private Path add(char command, double x, double y) {
        text.append(command).append(Numbers.place(x)).append(' ').append(Numbers.place(y));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
