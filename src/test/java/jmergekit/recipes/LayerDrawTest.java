package jmergekit.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerDrawTest {
    private static final int MANY = 100_000;

    private static double share(List<ChosenLayer> layers, int model) {
        return layers.stream().filter(l -> l.model() == model).count() / (double) layers.size();
    }

    @Test
    void aLayerKeepsItsPlace() {
        List<ChosenLayer> layers = new LayerDraw(7).inPlace(40, List.of(1.0, 1.0));

        assertThat(layers)
                .extracting(ChosenLayer::layer)
                .containsExactlyElementsOf(IntStream.range(0, 40).boxed().toList());
        assertThat(layers).extracting(ChosenLayer::model).contains(0, 1);
    }

    // Five standard deviations of the share of 100,000 draws are less than 0.008.
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.001, 1e308})
    void weightsAreShares(double unit) {
        List<ChosenLayer> layers =
                new LayerDraw(1).inPlace(MANY, List.of(unit, unit / 2, unit / 2, 0.0));

        assertThat(share(layers, 0)).isCloseTo(0.5, within(0.008));
        assertThat(share(layers, 1)).isCloseTo(0.25, within(0.008));
        assertThat(share(layers, 2)).isCloseTo(0.25, within(0.008));
        assertThat(share(layers, 3)).isZero();
    }

    @Test
    void aModelOfWeightZeroIsNotDrawnWhereverItStands() {
        List<ChosenLayer> layers = new LayerDraw(1).inPlace(MANY, List.of(0.0, 1.0, 0.0));

        assertThat(layers).extracting(ChosenLayer::model).containsOnly(1);
    }

    @Test
    void theSeedDecides() {
        List<Double> weights = List.of(0.5, 0.5);
        List<Integer> depths = List.of(20, 30);

        assertThat(new LayerDraw(3).inPlace(32, weights))
                .isEqualTo(new LayerDraw(3).inPlace(32, weights))
                .isNotEqualTo(new LayerDraw(4).inPlace(32, weights));
        assertThat(new LayerDraw(3).anywhere(depths, weights))
                .isEqualTo(new LayerDraw(3).anywhere(depths, weights))
                .isNotEqualTo(new LayerDraw(4).anywhere(depths, weights));
    }

    @Test
    void aFractionOfEachModelIsTakenRoundedDown() {
        List<ChosenLayer> layers =
                new LayerDraw(0).anywhere(List.of(3, 3, 10), List.of(1.0, 0.67, 0.0));

        assertThat(layers).hasSize(5).doesNotHaveDuplicates();
        assertThat(layers)
                .filteredOn(l -> l.model() == 0)
                .extracting(ChosenLayer::layer)
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(layers).filteredOn(l -> l.model() == 1).hasSize(2);
    }

    // The binary fractions nearest to these decimals give a little less than a whole number of
    // layers.
    @ParameterizedTest
    @CsvSource({"50, 0.58, 29", "100, 0.29, 29", "100, 0.57, 57", "10, 0.3, 3", "32, 0.7, 22"})
    void aFractionIsTheDecimalThatWasWritten(int depth, double fraction, int layers) {
        assertThat(new LayerDraw(0).anywhere(List.of(depth), List.of(fraction))).hasSize(layers);
    }

    @Test
    void everyLayerIsACandidate() {
        List<Integer> first =
                IntStream.range(0, 4000)
                        .mapToObj(seed ->
                                new LayerDraw(seed).anywhere(List.of(4), List.of(0.25)).getFirst())
                        .map(ChosenLayer::layer)
                        .toList();

        for (int layer = 0; layer < 4; layer++) {
            int wanted = layer;
            assertThat(first.stream().filter(l -> l == wanted).count()).isBetween(860L, 1140L);
        }
    }

    @Test
    void everyOrderIsAsLikely() {
        List<List<Integer>> orders =
                IntStream.range(0, 6000)
                        .mapToObj(seed ->
                                new LayerDraw(seed)
                                        .anywhere(List.of(3), List.of(1.0)).stream()
                                                .map(ChosenLayer::layer)
                                                .toList())
                        .toList();

        assertThat(orders.stream().distinct()).hasSize(6);
        orders.stream()
                .distinct()
                .forEach(order ->
                        assertThat(orders.stream().filter(order::equals).count())
                                .isBetween(850L, 1150L));
    }
}
