package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChartsTest {
    private static List<Map<String, String>> shapes(Canvas canvas, String look) {
        return canvas.shapes().stream()
                .map(Element::attributes)
                .filter(a -> look.equals(a.get("class")))
                .toList();
    }

    /// From 0 at 128 to 4, the end of the longest error bar, at 338.
    @Test
    void barsBeginAtZeroAndHaveErrorBars() {
        BarChart.Group group =
                new BarChart.Group(
                        "words", true, List.of(new BarChart.Bar(2, 2), BarChart.Bar.NONE));
        BarChart chart = new BarChart("title", "what", List.of("a", "b"), List.of(group));
        Canvas canvas = chart.drawing();

        assertThat(shapes(canvas, "bar c0"))
                .containsExactly(
                        Map.of(
                                "class", "bar c0", "x", "128", "y", "13.5", "width", "105",
                                "height", "11"));
        assertThat(shapes(canvas, "bar c1")).isEmpty();
        assertThat(shapes(canvas, "whisker"))
                .extracting(a -> a.get("d"))
                .containsExactly("M128 19L338 19M128 16L128 22M338 16L338 22");
        assertThat(canvas.points())
                .containsExactly(new Canvas.Point(233, 19, "words, a: 2.000 ± 2.000"));
    }

    @Test
    void negativeBarsGoToTheLeft() {
        BarChart.Group group = new BarChart.Group("a", false, List.of(new BarChart.Bar(-3, 0)));
        Canvas canvas = new BarChart("t", "d", List.of("a"), List.of(group)).drawing();

        assertThat(shapes(canvas, "bar c0"))
                .singleElement()
                .satisfies(
                        a -> assertThat(a).containsEntry("x", "128").containsEntry("width", "210"));
    }

    /// Two axes at 40 and at 640 of 760, from 350 up to 150.
    @Test
    void linesCrossEachAxisAtTheirValue() {
        List<Axis> axes =
                List.of(
                        new Axis("a", Scale.of(0, 1)),
                        new Axis("b", Scale.named(List.of("x", "y"))));
        List<ParallelCoordinates.Line> lines =
                List.of(
                        new ParallelCoordinates.Line("best", List.of(1.0, 0.0)),
                        new ParallelCoordinates.Line("next", List.of(0.25, 1.0)));
        Canvas canvas = new ParallelCoordinates("t", "d", axes, lines).drawing();

        assertThat(shapes(canvas, "thick c1"))
                .extracting(a -> a.get("d"))
                .containsExactly("M40 150L640 300");
        assertThat(shapes(canvas, "thin pale c0"))
                .extracting(a -> a.get("d"))
                .containsExactly("M40 300L640 200");
        assertThat(canvas.points()).contains(new Canvas.Point(640, 200, "next, b: y"));
    }

    @Test
    void unevenTablesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Table(
                                "t",
                                List.of(Table.Column.text("a")),
                                List.of(Table.Row.of("a", "b"))));
    }

    @Test
    void longNamesLoseTheirMiddle() {
        assertThat(Canvas.shorten("abcdefghij", 10)).isEqualTo("abcdefghij");
        assertThat(Canvas.shorten("abcdefghijk", 5)).isEqualTo("ab…jk");
        assertThat(Canvas.shorten("😀😀😀😀", 3)).isEqualTo("😀…😀");
    }
}
