package jmergekit.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Frequencies of values in bins of equal width on the axis, as overlaid outlines of a few samples.
///
/// @param axis the axis of the values, from the first to the last bin; a note counts values beyond
///     it
/// @param bins the number of bins
public record Histogram(String title, String description, Axis axis, int bins, List<Sample> samples)
        implements Chart {
    private static final double FLOOR = 292;
    private static final double LEFT = 62;
    private static final double RIGHT = 746;
    private static final double TOP = 14;

    /// A sample of values.
    ///
    /// @param counts by bin
    /// @param outside the number of values beyond the ends or not finite
    public record Sample(String name, List<Long> counts, long outside) {
        public Sample {
            counts = List.copyOf(counts);
        }
    }

    public Histogram {
        samples = List.copyOf(samples);
        int width = bins;
        if (bins < 1 || samples.stream().anyMatch(s -> s.counts().size() != width)) {
            throw new IllegalArgumentException("samples with different bins");
        }
    }

    /// Counts values per bin.
    public static Sample sample(String name, Scale scale, int bins, double... values) {
        long[] counts = new long[bins];
        long outside = 0;
        for (double value : values) {
            double position = scale.position(value);
            if (scale.contains(value)) {
                counts[Math.min(bins - 1, (int) (position * bins))]++;
            } else {
                outside++;
            }
        }
        return new Sample(
                name, IntStream.range(0, bins).mapToObj(i -> counts[i]).toList(), outside);
    }

    @Override
    public List<LegendEntry> legend() {
        List<LegendEntry> entries = new ArrayList<>();
        for (int i = 0; i < samples.size() && samples.size() > 1; i++) {
            entries.add(new LegendEntry(samples.get(i).name(), look(i)));
        }
        return entries;
    }

    private static String look(int sample) {
        return "area " + Series.colourLook(sample);
    }

    @Override
    public Optional<Table> table() {
        List<Table.Column> headings = new ArrayList<>();
        headings.add(Table.Column.text(axis.label()));
        samples.forEach(s -> headings.add(Table.Column.number(s.name())));
        List<Table.Row> rows = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            List<Table.Cell> cells = new ArrayList<>();
            cells.add(Table.Cell.of(range(i)));
            for (Sample sample : samples) {
                cells.add(Table.Cell.of(Numbers.text((long) sample.counts().get(i))));
            }
            rows.add(new Table.Row(false, cells));
        }
        return Optional.of(new Table(title, headings, rows));
    }

    private String range(int bin) {
        return Numbers.brief(edge(bin)) + " to " + Numbers.brief(edge(bin + 1));
    }

    private double edge(int index) {
        Scale scale = axis.scale();
        double part = (double) index / bins;
        return scale.logarithmic()
                ? scale.low() * Math.pow(scale.high() / scale.low(), part)
                : scale.low() + (scale.high() - scale.low()) * part;
    }

    @Override
    public Canvas drawing() {
        Canvas canvas = new Canvas(760, 340);
        long most =
                samples.stream()
                        .flatMap(s -> s.counts().stream())
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0);
        Scale counts = Scale.of(0, Math.max(5, most * 1.05));
        axes(canvas, counts);
        for (int i = 0; i < samples.size(); i++) {
            draw(canvas, counts, samples.get(i), i);
        }
        for (Sample sample : samples) {
            if (sample.outside() > 0) {
                canvas.note(
                        "Out of range in %s: %s."
                                .formatted(
                                        Canvas.shorten(sample.name(), 60),
                                        Numbers.text(sample.outside())));
            }
        }
        return canvas;
    }

    private void axes(Canvas canvas, Scale counts) {
        Path grid = new Path();
        for (Scale.Tick tick : counts.ticks(6)) {
            double y = y(counts, tick.value());
            grid.move(LEFT, y).line(RIGHT, y);
            canvas.text("tick end", LEFT - 7, y + 4, tick.text());
        }
        canvas.path("grid", grid);
        for (Scale.Tick tick : axis.scale().ticks(8)) {
            double x = LEFT + axis.scale().position(tick.value()) * (RIGHT - LEFT);
            canvas.line("axis", x, FLOOR, x, FLOOR + 4);
            canvas.text("tick middle", x, FLOOR + 17, tick.text());
        }
        canvas.line("axis", LEFT, FLOOR, RIGHT, FLOOR);
        canvas.text("label middle", (LEFT + RIGHT) / 2, FLOOR + 39, axis.label());
    }

    private void draw(Canvas canvas, Scale counts, Sample sample, int index) {
        Path path = new Path().move(LEFT, FLOOR);
        for (int i = 0; i < bins; i++) {
            long count = sample.counts().get(i);
            double y = y(counts, count);
            path.line(x(i), y).line(x(i + 1), y);
            if (count > 0) {
                String name = samples.size() > 1 ? sample.name() + ", " : "";
                String text = "%s%s: %s".formatted(name, range(i), Numbers.text(count));
                canvas.point((x(i) + x(i + 1)) / 2, y, text);
            }
        }
        canvas.path(look(index), path.line(RIGHT, FLOOR));
    }

    private double x(int edge) {
        return LEFT + (RIGHT - LEFT) * edge / bins;
    }

    private static double y(Scale counts, double count) {
        return FLOOR - counts.position(count) * (FLOOR - TOP);
    }
}
