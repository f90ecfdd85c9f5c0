package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.fixture.LevelledMerge;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;

/// A merge in two phases, as an engine drives it, here one that takes the tensors in any order.
class PreparedMethodTest {
    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final String DOWN = "model.layers.0.mlp.down_proj.weight";
    private static final String NEXT = "model.layers.1.mlp.up_proj.weight";
    private static final String HEAD = "lm_head.weight";

    private final PreparedMethod method = new LevelledMerge();
    private final Map<String, float[][]> tensors = new LinkedHashMap<>();

    // Of each tensor the base and one model. The changes are 1, 3, 8 and 5 in size on average.
    PreparedMethodTest() {
        tensors.put(HEAD, new float[][] {{0, 0}, {5, -5}});
        tensors.put(UP, new float[][] {{10, 10}, {11, 9}});
        tensors.put(DOWN, new float[][] {{0, 0, 0}, {3, -6, 0}});
        tensors.put(NEXT, new float[][] {{0, 0}, {8, 8}});
    }

    @Test
    void everyTensorGetsTheStatisticsOfItsLayer() {
        // In layer 0 the mean of 1 and 3 is 2.
        assertThat(merged(UP)).containsExactly(12, 8);
        assertThat(merged(DOWN)).containsExactly(2, -4, 0);
    }

    @Test
    void otherLayersAndTensorsOutsideTheLayersAreGroupsOfTheirOwn() {
        assertThat(merged(NEXT)).containsExactly(8, 8);
        assertThat(merged(HEAD)).containsExactly(5, -5);
    }

    @Test
    void statisticsAreInTheOrderOfThePlanInWhateverOrderTheyAreMeasured() {
        for (int run = 0; run < 10; run++) {
            List<String> order = new ArrayList<>(tensors.keySet());
            Collections.shuffle(order, new Random(run));

            MergeInput up = prepared(inputs(), order).prepared(input(UP));

            assertThat(up.statistics().measurements().stream().map(m -> m.tensor()))
                    .containsExactly(UP, DOWN);
            assertThat(up.statistics().of(UP)).contains(new double[] {1});
            assertThat(up.statistics().sums()).containsExactly(4);
            assertThat(up.statistics().means()).containsExactly(2);
        }
    }

    @Test
    void aPartMeasuresTheGroupsOfItsTensorsAndGetsTheSame() {
        List<MergeInput> needed = Preparation.needed(method, inputs(), List.of(input(DOWN)));

        assertThat(needed.stream().map(MergeInput::tensor)).containsExactly(UP, DOWN);
        Preparation part = prepared(needed, List.of(DOWN, UP));
        assertThat(merged(DOWN, part)).isEqualTo(merged(DOWN));
        assertThatThrownBy(() -> part.prepared(input(HEAD)))
                .hasMessage("tensor 'lm_head.weight' is in a group that was not measured");
    }

    @Test
    void measurementsOfDifferentLengthsAreNotSummed() {
        Preparation preparation =
                Preparation.of(
                        method,
                        List.of(input(UP), input(DOWN)),
                        List.of(new double[1], new double[2]));

        assertThatThrownBy(() -> preparation.prepared(input(UP)).statistics().sums())
                .hasMessage("2 values measured of tensor '" + DOWN + "' and 1 of others");
    }

    @Test
    void aMeasurementIsMissed() {
        assertThatThrownBy(() -> Preparation.of(method, inputs(), List.of()))
                .hasMessage("0 measurements for 4 tensors");
    }

    private float[] merged(String tensor) {
        return merged(tensor, prepared(inputs(), List.of(DOWN, NEXT, HEAD, UP)));
    }

    private float[] merged(String tensor, Preparation preparation) {
        ArrayPrimitives primitives = new ArrayPrimitives(0, tensors.get(tensor));
        method.merge(preparation.prepared(input(tensor)), primitives.primitives());
        return primitives.result();
    }

    /// @param order in which the tensors are measured
    private Preparation prepared(List<MergeInput> inputs, List<String> order) {
        double[][] measured = new double[inputs.size()][];
        for (String tensor : order) {
            int place = inputs.stream().map(MergeInput::tensor).toList().indexOf(tensor);
            measured[place] =
                    method.measure(
                            inputs.get(place),
                            new ArrayPrimitives(0, tensors.get(tensor)).primitives());
        }
        return Preparation.of(method, inputs, Arrays.asList(measured));
    }

    private List<MergeInput> inputs() {
        return tensors.keySet().stream().map(this::input).toList();
    }

    private MergeInput input(String tensor) {
        return new MergeInput(
                tensor,
                Shape.of(tensors.get(tensor)[0].length),
                List.of(0, 1),
                0,
                0,
                Parameters.of(Map.of()));
    }
}
