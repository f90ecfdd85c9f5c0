package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeatMapTest {
    private static HeatMap map(double[]... values) {
        List<String> rows = List.of("q", "mlp").subList(0, values.length);
        List<String> columns = List.of("0", "1", "2").subList(0, values[0].length);
        return new HeatMap("t", "d", rows, columns, Arrays.asList(values));
    }

    private static Optional<String> cells(Canvas canvas, String look) {
        return canvas.shapes().stream()
                .map(Element::attributes)
                .filter(a -> look.equals(a.get("class")))
                .map(a -> a.getOrDefault("d", ""))
                .findFirst();
    }

    private static List<String> texts(Canvas canvas, String look) {
        return canvas.shapes().stream()
                .filter(e -> e.name().equals("text"))
                .filter(e -> look.equals(e.attributes().get("class")))
                .map(e -> ((Text) e.children().getFirst()).text())
                .toList();
    }

    /// The longest row has 3 letters: cells begin at 18 + 3 x 6.8 = 38.4, are 110 wide and 22 high.
    @Test
    void cellsAreColouredFromLeastToGreatest() {
        HeatMap map = map(new double[] {0, 5}, new double[] {Double.NaN, 9});
        Canvas canvas = map.drawing();

        assertThat(cells(canvas, "cell q0")).contains("M38.4 22h109v21h-109z");
        assertThat(cells(canvas, "cell q5")).contains("M148.4 22h109v21h-109z");
        assertThat(cells(canvas, "cell q8")).contains("M148.4 44h109v21h-109z");
        assertThat(cells(canvas, "none")).contains("M39.4 64L146.4 45");
        assertThat(canvas.grid()).contains(new Canvas.Grid(93.4, 33, 110, 22));
    }

    @Test
    void cellsAreATableToo() {
        HeatMap map = map(new double[] {0, 5}, new double[] {Double.NaN, 9}).across("layer");
        Table table = map.table().orElseThrow();

        assertThat(table.columns())
                .extracting(Table.Column::heading)
                .containsExactly("", "layer 0", "layer 1");
        assertThat(table.rows())
                .containsExactly(Table.Row.of("q", "0", "5"), Table.Row.of("mlp", "", "9"));
    }

    /// Eleven steps from -1 to 1: 0 is in the middle one, 0.1 in the next.
    @Test
    void divergingColoursHaveNoneInTheMiddle() {
        ColourScale scale = ColourScale.diverging(Scale.of(-1, 1), "cosine");

        assertThat(scale.look(-1)).isEqualTo("cell d0");
        assertThat(scale.look(0)).isEqualTo("cell d5");
        assertThat(scale.look(0.1)).isEqualTo("cell d6");
        assertThat(scale.look(1)).isEqualTo("cell d10");
    }

    @Test
    void valuesBeyondTheEndsHaveTheColourOfTheEnd() {
        ColourScale scale = ColourScale.sequential(Scale.of(0, 1), "share");

        assertThat(scale.look(-3)).isEqualTo("cell q0");
        assertThat(scale.look(7)).isEqualTo("cell q8");
        assertThat(scale.look(Double.POSITIVE_INFINITY)).isEqualTo("cell q8");
    }

    /// Three powers of ten in nine steps: three steps each.
    @Test
    void logarithmicColoursTakeEqualFactors() {
        ColourScale scale = ColourScale.powers("change", 6, 0, 0.0011, 0.9, Double.NaN);

        assertThat(scale.scale().low()).isCloseTo(0.001, within(1e-12));
        assertThat(scale.scale().high()).isEqualTo(1);
        assertThat(scale.look(0.0012)).isEqualTo("cell q0");
        assertThat(scale.look(0.0102)).isEqualTo("cell q3");
        assertThat(scale.look(0.9)).isEqualTo("cell q8");
        assertThat(scale.look(0)).isEqualTo("cell zero");
        assertThat(scale.look(-1)).isEqualTo("cell q0");
    }

    @Test
    void farSmallerValuesDoNotStretchTheColours() {
        ColourScale scale = ColourScale.powers("change", 3, 1e-30, 0.5);

        assertThat(scale.scale().low()).isEqualTo(0.0005);
        assertThat(scale.scale().high()).isEqualTo(0.5);
        assertThat(ColourScale.powers("change", 3).scale().low()).isEqualTo(0.1);
        assertThat(ColourScale.powers("change", 3, 0.3).scale().low()).isEqualTo(0.2);
    }

    @Test
    void numbersInCellsKeepApartFromTheirColour() {
        Canvas canvas =
                map(new double[] {-1, 0.123, Double.NaN})
                        .coloured(ColourScale.diverging(Scale.of(-1, 1), "cosine"))
                        .numbered(2)
                        .drawing();

        assertThat(texts(canvas, "middle inked")).containsExactly("-1.00");
        assertThat(texts(canvas, "middle")).containsExactly("0.12");
    }

    /// 100 columns in 760 are about 7 wide: names of two digits need 23.
    @Test
    void someNamesOfManyColumnsAreLeftOut() {
        List<String> columns = IntStream.range(0, 100).mapToObj(String::valueOf).toList();
        HeatMap map = new HeatMap("t", "d", List.of("q"), columns, List.of(new double[100]));

        assertThat(texts(map.drawing(), "tick middle")).startsWith("0", "5", "10").hasSize(20);
    }

    @Test
    void theKeySaysWhatZeroAndNothingLookLike() {
        HeatMap plain = map(new double[] {1, 2});
        HeatMap both =
                map(new double[] {0, 2, Double.NaN})
                        .coloured(ColourScale.powers("change", 3, 0, 2));

        assertThat(texts(plain.key().orElseThrow(), "tick")).isEmpty();
        assertThat(texts(both.key().orElseThrow(), "tick")).containsExactly("0", "no value");
        assertThat(texts(both.key().orElseThrow(), "tick middle"))
                .containsExactly("1.0", "1.2", "1.4", "1.6", "1.8", "2.0");
    }

    @Test
    void unevenTablesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new HeatMap("t", "d", List.of("a"), List.of("b"), List.of(new double[2])));
    }

    @Test
    void moreCellsThanABrowserDrawsAreRefused() {
        List<String> names = Collections.nCopies(150, "a");
        List<double[]> values = Collections.nCopies(150, new double[150]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeatMap("t", "d", names, names, values));
    }
}
