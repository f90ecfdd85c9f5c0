package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.SampleSums;
import jmergekit.compare.TensorDifference;
import jmergekit.page.HeatMap;
import org.junit.jupiter.api.Test;

class LayerCellsTest {
    private static ModelDifference of(List<TensorDifference> tensors) {
        return new ModelDifference(List.of("a", "b"), true, tensors, List.of(), List.of());
    }

    private static TensorDifference tensor(int layer, String part, double value) {
        return SampleDifference.tensor(
                layer + part, layer, part, SampleSums.of(new double[] {1}, new double[] {value}));
    }

    private static HeatMap changes(List<TensorDifference> tensors) {
        return LayerCells.of(of(tensors), "default").ofSums("t", "d", s -> s.relativeChange(1));
    }

    @Test
    void aCellIsAPartOfALayer() {
        HeatMap map =
                changes(
                        List.of(
                                tensor(0, "mlp.up.weight", 2),
                                tensor(0, "norm.weight", 1),
                                tensor(2, "mlp.up.weight", 4)));

        assertThat(map.rows()).containsExactly("mlp.up", "norm");
        assertThat(map.columns()).containsExactly("0", "1", "2");
        assertThat(map.values().get(0)).containsExactly(1, Double.NaN, 3);
        assertThat(map.values().get(1)).containsExactly(0, Double.NaN, Double.NaN);
    }

    /// Thirty experts that changed by 1 each, and one by 2: 34 of 31 squares.
    @Test
    void expertsAreOnePart() {
        List<TensorDifference> tensors = new ArrayList<>();
        for (int expert = 0; expert < 31; expert++) {
            tensors.add(tensor(0, "experts." + expert + ".up.weight", expert == 7 ? 3 : 2));
        }
        HeatMap map = changes(tensors);

        assertThat(map.rows()).containsExactly("experts.*.up");
        assertThat(map.values().getFirst()).containsExactly(Math.sqrt(34 / 31.0));
    }

    @Test
    void theSmallestOfManyPartsAreOne() {
        List<TensorDifference> tensors = new ArrayList<>();
        for (char c = 'a'; c < 'a' + 50; c++) {
            tensors.add(tensor(0, "part" + c, 2));
        }

        assertThat(changes(tensors).rows()).hasSize(40).contains("others");
    }

    @Test
    void manyLayersShareColumns() {
        List<TensorDifference> tensors = new ArrayList<>();
        for (int layer = 0; layer < 200; layer++) {
            tensors.add(tensor(layer, "mlp.weight", layer == 199 ? 3 : 2));
        }
        HeatMap map = changes(tensors);

        assertThat(map.columns()).hasSize(100).startsWith("0-1", "2-3").endsWith("198-199");
        assertThat(map.values().getFirst()[0]).isEqualTo(1);
        assertThat(map.values().getFirst()[99]).isCloseTo(Math.sqrt(2.5), within(1e-12));
    }

    @Test
    void figuresOfTensorsAreAveraged() {
        List<TensorDifference> tensors =
                List.of(tensor(0, "mlp.weight", 2), tensor(0, "mlp.weight", 4));
        HeatMap map =
                LayerCells.of(of(tensors), "default")
                        .ofTensors("t", "d", t -> t.sums().relativeChange(1));

        assertThat(map.values().getFirst()).containsExactly(2);
    }
}
