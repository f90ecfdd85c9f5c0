package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/// From 62 to 746 and from 292 up to 14, where 5.25 is.
class HistogramTest {
    private static final Scale TENTHS = Scale.of(0, 1);

    private static Histogram of(Histogram.Sample... samples) {
        return new Histogram("t", "d", new Axis("share", TENTHS), 2, List.of(samples));
    }

    @Test
    void valuesAreCountedInEqualBins() {
        Histogram.Sample sample =
                Histogram.sample("a", TENTHS, 4, 0, 0.24, 0.25, 0.75, 1, 1.1, Double.NaN);

        assertThat(sample.counts()).containsExactly(2L, 1L, 0L, 2L);
        assertThat(sample.outside()).isEqualTo(2);
    }

    @Test
    void logarithmicBinsAreEqualFactors() {
        Scale scale = Scale.logarithmic(0.01, 1);
        Histogram.Sample sample = Histogram.sample("a", scale, 2, 0.02, 0.09, 0.11, 0);

        assertThat(sample.counts()).containsExactly(2L, 1L);
        assertThat(sample.outside()).isEqualTo(1);
    }

    @Test
    void binsStandOnZero() {
        Canvas canvas = of(new Histogram.Sample("a", List.of(5L, 0L), 3)).drawing();
        List<String> paths =
                canvas.shapes().stream()
                        .filter(e -> "area c0".equals(e.attributes().get("class")))
                        .map(e -> e.attributes().getOrDefault("d", ""))
                        .toList();

        assertThat(paths).containsExactly("M62 292L62 27.2L404 27.2L404 292L746 292L746 292");
        assertThat(canvas.points())
                .containsExactly(new Canvas.Point(233, 292 - 278 / 1.05, "0 to 0.5: 5"));
        assertThat(canvas.notes()).containsExactly("Out of range in a: 3.");
    }

    @Test
    void binsAreATableToo() {
        Table table =
                of(
                                new Histogram.Sample("a", List.of(5L, 0L), 0),
                                new Histogram.Sample("b", List.of(1L, 2L), 0))
                        .table()
                        .orElseThrow();

        assertThat(table.rows())
                .containsExactly(
                        Table.Row.of("0 to 0.5", "5", "1"), Table.Row.of("0.5 to 1", "0", "2"));
    }

    @Test
    void samplesWithOtherBinsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(new Histogram.Sample("a", List.of(5L), 0)));
    }
}
