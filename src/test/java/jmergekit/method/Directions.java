package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;

/// Tensors for methods that look at the angles between models.
final class Directions {
    static final float[] EAST = {1, 0, 0, 0};
    static final float[] NORTH = {0, 1, 0, 0};
    static final float[] UP = {0, 0, 1, 0};

    /// Rows shorter and longer than a tile.
    static final int[][] MATRICES = {{1, 1}, {63, 65}, {33, 4200}};

    /// Four float32 roundings of values up to 4.
    static final Offset<Float> ROUNDING = Offset.offset(16 * 0x1p-24f);

    private Directions() {}

    /// `factor * tensor`, exact for the values of [MergeCase#random] and small whole factors. The
    /// cosine of the two is 1 or -1 only up to rounding.
    static float[] times(float factor, float[] tensor) {
        float[] product = new float[tensor.length];
        for (int i = 0; i < tensor.length; i++) {
            product[i] = factor * tensor[i];
        }
        return product;
    }

    /// Up to [MergeCase#rounding]. In one pass, which `containsExactly` with an offset is not.
    static void assertClose(float[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double farthest = 0;
        for (int i = 0; i < actual.length; i++) {
            farthest = Math.max(farthest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(farthest).isLessThanOrEqualTo(MergeCase.rounding().value);
    }

    /// A tensor of the base alone, and one of a single model that the base lacks, stay bit for bit.
    static void assertThatOneTensorStays(MergeMethod method, Map<String, Double> parameters) {
        float[] tensor = {1, -0f, 3};

        assertThat(new MergeCase(method).base(tensor).merge()).isEqualTo(tensor);
        assertThat(new MergeCase(method).model(parameters, tensor).merge()).isEqualTo(tensor);
    }
}
