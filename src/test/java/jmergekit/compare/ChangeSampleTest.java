package jmergekit.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jmergekit.tensor.DType;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ChangeSampleTest {
    private static final Percentage CLOSE = Percentage.withPercentage(1e-9);

    private static ChangeSample sample(DType dtype, float[] reference, float[] change) {
        SampledChanges changes = new SampledChanges(dtype);
        changes.add(reference, change, change.length, 0);
        return changes.sample();
    }

    @Test
    void headroomComparesTheChangeWithTheErrorOfRounding() {
        // Between 1 and 2, bfloat16 has steps of 1/128: their error is 1/128/sqrt(12).
        float[] reference = {1, 1.5f, -1.25f};
        float[] change = {0.5f, 0.5f, -0.5f};

        double ratio = 0.5 / (1 / 128.0 / Math.sqrt(12));

        double expected = Math.log(ratio) / Math.log(2);
        assertThat(sample(DType.BF16, reference, change).headroom()).isCloseTo(expected, CLOSE);
        double more = sample(DType.F32, reference, change).headroom();
        assertThat(more - expected).isCloseTo(16, CLOSE);
    }

    @Test
    void changesOfLessThanHalfAStepVanish() {
        float[] reference = {1, 1, 1, 1, 1};
        float[] change = {0, 1 / 128f, 1 / 256f, 1 / 257f, -1 / 1000f};

        ChangeSample sample = sample(DType.BF16, reference, change);

        assertThat(sample.changed()).isEqualTo(4);
        assertThat(sample.vanishing()).isEqualTo(2);
        assertThat(sample.vanishingShare()).isEqualTo(0.5);
    }

    @Test
    void numbersBelowTheNormalOnesHaveTheSmallestStep() {
        // Of float16: 2^-14 and below, the step is 2^-24.
        float[] change = {0x1p-24f};
        double expected = sample(DType.F16, new float[] {0x1p-14f}, change).headroom();

        assertThat(sample(DType.F16, new float[] {0}, change).headroom()).isEqualTo(expected);
        assertThat(sample(DType.F16, new float[] {0x1p-20f}, change).headroom())
                .isEqualTo(expected);
        assertThat(Math.pow(2, expected)).isCloseTo(Math.sqrt(12), CLOSE);
    }

    @Test
    void kurtosisIsThreeForNormalChanges() {
        Random random = new Random(1);
        float[] change = new float[100_000];
        for (int i = 0; i < change.length; i++) {
            change[i] = (float) random.nextGaussian();
        }

        double kurtosis = sample(DType.F32, new float[change.length], change).kurtosis();

        assertThat(kurtosis).isBetween(2.9, 3.1);
        // One element of n alone: n.
        float[] single = new float[50];
        single[7] = 2;
        assertThat(sample(DType.F32, new float[50], single).kurtosis()).isCloseTo(50, CLOSE);
    }

    @Test
    void magnitudesAreCountedByExponent() {
        float[] change = {0, 1, -1.9f, 0.5f, 0x1p-60f, 1e30f};

        long[] counts = sample(DType.F32, new float[6], change).magnitudes();

        assertThat(counts[-ChangeSample.LEAST_EXPONENT]).isEqualTo(2);
        assertThat(counts[-ChangeSample.LEAST_EXPONENT - 1]).isEqualTo(1);
        assertThat(counts[0]).isEqualTo(1);
        assertThat(counts[ChangeSample.EXPONENTS - 1]).isEqualTo(1);
    }
}
