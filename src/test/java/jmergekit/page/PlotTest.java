package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A wide plot without levels: x from 62 to 746, y from 292 up to 14.
class PlotTest {
    private static final Axis X = new Axis("x", Scale.of(0, 10));
    private static final Axis Y = new Axis("y", Scale.of(0, 1));

    private static Canvas drawing(Series.Style style, Mark... marks) {
        Series series = new Series("a", style, 0, List.of(marks));
        return plot(List.of(series), List.of()).drawing();
    }

    private static Plot plot(List<Series> series, List<Plot.Level> levels) {
        return new Plot("title", "what", Plot.Size.WIDE, X, Y, series, levels);
    }

    private static Optional<String> path(Canvas canvas, String look) {
        return canvas.shapes().stream()
                .filter(e -> look.equals(e.attributes().get("class")))
                .map(e -> e.attributes().getOrDefault("d", ""))
                .findFirst();
    }

    @Test
    void dotsAreWhereTheirValuesAre() {
        Canvas canvas =
                drawing(
                        Series.Style.DOTS,
                        Mark.of(0, 0, ""),
                        Mark.of(5, 0.5, ""),
                        Mark.of(10, 1, ""));

        assertThat(path(canvas, "dots c0")).contains("M62 292h0M404 153h0M746 14h0");
    }

    @Test
    void linesGoThroughAll() {
        Canvas canvas = drawing(Series.Style.LINE, Mark.of(0, 1, ""), Mark.of(10, 0, ""));

        assertThat(path(canvas, "line c0")).contains("M62 14h0L746 292");
    }

    @Test
    void linesHaveGapsWhereThereIsNoValue() {
        Canvas canvas =
                drawing(
                        Series.Style.LINE,
                        Mark.of(0, 0, ""),
                        Mark.of(2, 0, ""),
                        Mark.of(4, Double.NaN, ""),
                        Mark.of(5, 1, ""),
                        Mark.of(7.5, Double.POSITIVE_INFINITY, ""),
                        Mark.of(10, 0, ""));

        assertThat(path(canvas, "line c0")).contains("M62 292h0L198.8 292M404 14h0M746 292h0");
        assertThat(canvas.points()).hasSize(4);
    }

    @Test
    void theSeventhColourIsTheFirstOneDashed() {
        Series seventh = new Series("a", Series.Style.LINE, 6, List.of(Mark.of(0, 0, "")));
        Canvas canvas = plot(List.of(seventh), List.of()).drawing();

        assertThat(path(canvas, "line c0 dashed")).isPresent();
    }

    @Test
    void linesAreATableToo() {
        Series a = new Series("a", Series.Style.LINE, 0, List.of(Mark.of(1, 0.5, "")));
        Mark none = Mark.of(1, Double.NaN, "");
        Series b = new Series("b", Series.Style.LINE, 1, List.of(Mark.of(2, 0.25, ""), none));
        Table table = plot(List.of(a, b), List.of()).table().orElseThrow();

        assertThat(table.columns())
                .extracting(Table.Column::heading)
                .containsExactly("x", "a", "b");
        assertThat(table.rows())
                .containsExactly(Table.Row.of("1", "0.5", ""), Table.Row.of("2", "", "0.25"));
    }

    @Test
    void dotsAreNoTable() {
        Series dots = new Series("a", Series.Style.DOTS, 0, List.of(Mark.of(1, 0.5, "")));

        assertThat(plot(List.of(dots), List.of()).table()).isEmpty();
    }

    @Test
    void stepsAreLevelUpToTheNextAndToTheEnd() {
        Canvas canvas = drawing(Series.Style.STEPS, Mark.of(0, 0, ""), Mark.of(5, 1, ""));

        assertThat(path(canvas, "steps c0")).contains("M62 292L404 292L404 14L746 14");
    }

    @Test
    void columnsStandOnZero() {
        Canvas canvas = drawing(Series.Style.COLUMNS, Mark.of(4, 0.5, ""), Mark.of(6, 1, ""));

        assertThat(path(canvas, "columns c0"))
                .contains("M274 292L274 153L397.2 153L397.2 292M410.8 292L410.8 14L534 14L534 292");
    }

    @Test
    void crossesTakeAStripBelowTheValues() {
        Series dots = new Series("a", Series.Style.DOTS, 0, List.of(Mark.of(0, 0, "")));
        Series failed =
                new Series("b", Series.Style.CROSSES, 1, List.of(Mark.of(5, Double.NaN, "no")));
        Canvas canvas = plot(List.of(dots, failed), List.of()).drawing();

        assertThat(path(canvas, "dots c0")).contains("M62 276h0");
        assertThat(path(canvas, "crosses c1")).contains("M401 281L407 287M401 287L407 281");
        assertThat(canvas.points()).contains(new Canvas.Point(404, 284, "no"));
        assertThat(canvas.notes()).isEmpty();
    }

    @Test
    void errorBarsReachToBothSides() {
        Canvas canvas = drawing(Series.Style.DOTS, new Mark(5, 0.5, 0.5, ""));

        assertThat(path(canvas, "error c0"))
                .contains("M404 292L404 14M401 292L407 292M401 14L407 14");
    }

    @Test
    void valuesOutsideAreAtTheEdgeAndCounted() {
        Canvas canvas = drawing(Series.Style.DOTS, Mark.of(5, -3, ""), Mark.of(5, 1e300, ""));

        assertThat(path(canvas, "dots c0")).contains("M404 292h0M404 14h0");
        assertThat(canvas.notes()).containsExactly("Outside the axes, drawn at the edge: 2.");
    }

    @Test
    void valuesThatAreNotFiniteAreLeftOut() {
        Canvas canvas =
                drawing(
                        Series.Style.DOTS,
                        Mark.of(1, Double.NaN, ""),
                        Mark.of(Double.POSITIVE_INFINITY, 0, ""));

        assertThat(path(canvas, "dots c0")).isEmpty();
        assertThat(canvas.points()).isEmpty();
    }

    @Test
    void pointsSayTheirTextOrTheirValues() {
        Canvas canvas = drawing(Series.Style.DOTS, Mark.of(5, 0.5, "five"), Mark.of(10, 0.25, ""));

        assertThat(canvas.points())
                .containsExactly(
                        new Canvas.Point(404, 153, "five"),
                        new Canvas.Point(746, 222.5, "10: 0.25"));
    }

    @Test
    void namesOfLevelsKeepApart() {
        List<Plot.Level> levels =
                List.of(
                        new Plot.Level("b", 0.5, 2),
                        new Plot.Level("a", 0.51, 2),
                        new Plot.Level("outside", 2, 2));
        Canvas canvas = plot(List.of(), levels).drawing();
        List<String> places =
                canvas.shapes().stream()
                        .filter(e -> "name".equals(e.attributes().get("class")))
                        .map(e -> e.attributes().getOrDefault("y", ""))
                        .toList();

        assertThat(places).containsExactly("154.2", "169.2");
        assertThat(canvas.points())
                .extracting(Canvas.Point::text)
                .containsExactly("a: 0.51", "b: 0.5");
    }

    @Test
    void longSeriesAreThinnedToTheirExtremes() {
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            marks.add(Mark.of(i / 1000.0, i == 4_321 ? 1 : i % 2 * 0.25, ""));
        }
        Canvas canvas = drawing(Series.Style.DOTS, marks.toArray(Mark[]::new));

        assertThat(canvas.points()).hasSize(2_000);
        assertThat(canvas.points()).anySatisfy(p -> assertThat(p.y()).isEqualTo(14));
        assertThat(canvas.notes())
                .containsExactly(
                        "2,000 of 10,000 values are drawn: the minimum and maximum of each "
                                + "interval.");
    }

    @Test
    void aLegendIsForSeveralSeries() {
        Series one = new Series("one", Series.Style.LINE, 3, List.of(Mark.of(1, 1, "")));
        Series two = new Series("two", Series.Style.DOTS, 0, List.of(Mark.of(1, 1, "")));
        Series none = new Series("none", Series.Style.DOTS, 0, List.of());

        assertThat(plot(List.of(one), List.of()).legend()).isEmpty();
        assertThat(plot(List.of(one, two, none), List.of()).legend())
                .containsExactly(
                        new Chart.LegendEntry("one", "line c3"),
                        new Chart.LegendEntry("two", "dots c0"));
    }
}
