package jmergekit.page;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// The colours of the cells of a [HeatMap]. The steps differ in both lightness and hue, so that
/// they can be distinguished by colour-blind readers, in print, and on dark and light pages.
///
/// Values beyond the ends get the colour of the end. On a logarithmic scale, 0 has a separate look.
///
/// @param scale from the first to the last step
/// @param label the quantity, with its unit if it has one
public record ColourScale(Kind kind, Scale scale, String label) {
    /// The width of a step in the key.
    private static final double STEP = 24;

    private static final double HEIGHT = 12;
    private static final double LEFT = 26;
    private static final double TOP = 16;
    private static final double SWATCH = 16;

    /// The order of the steps.
    public enum Kind {
        /// From pale for low to strong for high values.
        SEQUENTIAL('q', 9, 5),
        /// From one strong colour through neutral in the middle to another strong one.
        DIVERGING('d', 11, 4);

        private final char letter;
        private final int steps;
        private final int strong;

        /// @param strong the distance from the palest step at which text gets the page's colour
        Kind(char letter, int steps, int strong) {
            this.letter = letter;
            this.steps = steps;
            this.strong = strong;
        }

        private boolean isStrong(int step) {
            return (this == SEQUENTIAL ? step : Math.abs(step - steps / 2)) >= strong;
        }
    }

    /// From pale for low to strong for high values, for example between 0 and 1.
    public static ColourScale sequential(Scale scale, String label) {
        return new ColourScale(Kind.SEQUENTIAL, scale, label);
    }

    /// For values on both sides of the middle of the scale: 0 between -1 and 1, or on a logarithmic
    /// scale 1 between 1/2 and 2.
    public static ColourScale diverging(Scale scale, String label) {
        return new ColourScale(Kind.DIVERGING, scale, label);
    }

    /// From the smallest to the largest of these values.
    public static ColourScale around(String label, double... values) {
        double low = finite(values).min().orElse(0);
        double high = finite(values).max().orElse(1);
        Scale scale = low < high ? Scale.of(low, high) : Scale.of(low - 0.5, low + 0.5);
        return sequential(scale, label);
    }

    /// In equal factors between 1, 2 or 5 times powers of ten around these values, or around the
    /// largest ones if they span more than `decades` powers of ten.
    public static ColourScale powers(String label, int decades, double... values) {
        double high = finite(values).filter(v -> v > 0).max().orElse(1);
        double low = finite(values).filter(v -> v > 0).min().orElse(high / 10);
        double end = Scale.roundAbove(Math.clamp(high, 1e-290, 1e290));
        double start =
                Math.max(
                        1 / Scale.roundAbove(1 / Math.clamp(low, 1e-290, end / 2)),
                        end / Math.pow(10, decades));
        return sequential(Scale.logarithmic(start, end), label);
    }

    private static DoubleStream finite(double... values) {
        return Arrays.stream(values).filter(Double::isFinite);
    }

    /// The classes of a cell; NaN has none.
    String look(double value) {
        return isZero(value) ? "cell zero" : look(step(value));
    }

    private String look(int step) {
        return "cell " + kind.letter + step;
    }

    /// The classes of the number in a cell.
    String inkLook(double value) {
        return !isZero(value) && kind.isStrong(step(value)) ? "middle inked" : "middle";
    }

    private boolean isZero(double value) {
        return scale.logarithmic() && value == 0;
    }

    private int step(double value) {
        return Math.clamp((int) (scale.position(value) * kind.steps), 0, kind.steps - 1);
    }

    /// The key: the steps with some of their values.
    ///
    /// @param hasZero whether a cell is 0 on a logarithmic scale
    /// @param hasEmpty whether a cell has no value
    Canvas key(boolean hasZero, boolean hasEmpty) {
        double right = LEFT + STEP * kind.steps;
        double places = (hasZero ? 60 : 0) + (hasEmpty ? 90 : 0);
        Canvas canvas = new Canvas(right + 30 + places, TOP + HEIGHT + 18);
        canvas.text("label", LEFT, TOP - 5, Canvas.shorten(label, 44));
        for (int step = 0; step < kind.steps; step++) {
            canvas.box(look(step), LEFT + STEP * step, TOP, STEP, HEIGHT);
        }
        for (Scale.Tick tick : scale.ticks(5)) {
            double x = LEFT + scale.position(tick.value()) * (right - LEFT);
            canvas.line("axis", x, TOP + HEIGHT, x, TOP + HEIGHT + 3);
            canvas.text("tick middle", x, TOP + HEIGHT + 15, tick.text());
        }
        double x = right + 24;
        if (hasZero) {
            canvas.box("cell zero", x, TOP, SWATCH, HEIGHT);
            canvas.text("tick", x + SWATCH + 5, TOP + HEIGHT - 2, "0");
            x += 60;
        }
        if (hasEmpty) {
            canvas.line("none", x, TOP + HEIGHT, x + SWATCH, TOP);
            canvas.text("tick", x + SWATCH + 5, TOP + HEIGHT - 2, "no value");
        }
        return canvas;
    }
}
