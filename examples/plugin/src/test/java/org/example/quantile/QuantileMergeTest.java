package org.example.quantile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import jmergekit.method.MergeInput;
import jmergekit.method.Parameters;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;

class QuantileMergeTest {
    private static float[] merged(double q, float[]... models) {
        Shape shape = Shape.of(models[0].length);
        MergeInput input =
                new MergeInput(
                        "a tensor",
                        shape,
                        List.of(0, 1, 2).subList(0, models.length),
                        Primitives.NO_BASE,
                        0,
                        Parameters.of(Map.of("q", q)));
        return new QuantileMerge().merge(input, i -> Matrix.of(shape, models[i])).values();
    }

    @Test
    void takesTheMedianOfThree() {
        float[] merged =
                merged(0.5, new float[] {1, 9}, new float[] {2, 7}, new float[] {5, 8});

        assertArrayEquals(new float[] {2, 8}, merged);
    }

    @Test
    void interpolatesBetweenTwo() {
        assertArrayEquals(
                new float[] {1.5f, 6}, merged(0.25, new float[] {1, 9}, new float[] {3, 5}));
    }

    @Test
    void keepsASingleModel() {
        assertArrayEquals(new float[] {3, -4}, merged(1, new float[] {3, -4}));
    }
}
