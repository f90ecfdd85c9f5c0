package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PassthroughMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    @Test
    void tensorIsCopiedBitForBit() {
        float[] values = {-0f, 3e-41f, Float.NaN, Float.NEGATIVE_INFINITY, 5};

        assertThat(scaled(1, values).merge()).isEqualTo(values);
    }

    @Test
    void scaleMultiplies() {
        assertThat(scaled(-0.5, 2, 4, -6, 0.25f).merge()).containsExactly(-1, -2, 3, -0.125f);
    }

    @Test
    void scaleZeroSilences() {
        assertThat(scaled(0, 2, -4, 6, 8).merge()).containsOnly(0, -0f);
    }

    @Test
    void onlyScaleOneIsACopy() {
        assertThat(copies(1)).isTrue();
        assertThat(copies(0.999)).isFalse();
        assertThat(copies(0)).isFalse();
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void eachElementIsTheFloatProduct(int size) {
        float[] values = MergeCase.random(size, size);
        float[] expected = new float[size];
        for (int i = 0; i < size; i++) {
            expected[i] = 0.3f * values[i];
        }

        assertThat(scaled(0.3, values).merge()).isEqualTo(expected);
    }

    private static boolean copies(double scale) {
        return new PassthroughMerge().copies(scaled(scale, 1, 2).input());
    }

    private static MergeCase scaled(double scale, float... values) {
        return new MergeCase(new PassthroughMerge()).model(Map.of("scale", scale), values);
    }
}
