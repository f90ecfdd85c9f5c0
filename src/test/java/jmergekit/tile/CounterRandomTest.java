package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything here is fixed by its key, so it passes or fails on every run alike; the limits are
/// five standard deviations.
class CounterRandomTest {
    private static final int MANY = 1 << 20;
    private static final double LIMIT = 5;
    private static final String TENSOR = "model.layers.3.mlp.up_proj.weight";
    private static final long KEY = CounterRandom.key(0, TENSOR, 1);

    /// Changing them would change every model merged with a seed. Calculated by another program from
    /// the definitions of FNV-1a, SplitMix64 and the mixer.
    @Test
    void drawsStayTheSameInAllVersions() {
        long key = CounterRandom.key(0, "model.norm.weight", 1);

        assertThat(key).isEqualTo(0x8fd62f6adf081b76L);
        assertThat(CounterRandom.bits(key, 0)).isEqualTo(0x9fce481c);
        assertThat(CounterRandom.bits(key, 1)).isEqualTo(0x160a64e1);
        assertThat(CounterRandom.bits(key, 4096)).isEqualTo(0xe4551f11);
        assertThat(CounterRandom.bits(key, (1L << 32) + 1)).isEqualTo(0x050203f5);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24})
    void everyByteOfADrawIsUniform(int shift) {
        double deviations =
                ChiSquare.deviations(MANY, 256, i -> CounterRandom.bits(KEY, i) >>> shift & 255);

        assertThat(deviations).isBetween(-LIMIT, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 64, 4096, 1 << 20, 1L << 32})
    void elementsAreIndependentOfThoseThatFollow(long distance) {
        assertThat(dependence(KEY, KEY, distance)).isBetween(-LIMIT, LIMIT);
    }

    @Test
    void elementsBeyondFourBillionAreUniformToo() {
        long first = (1L << 33) - 1000;

        double deviations =
                ChiSquare.deviations(MANY, 256, i -> CounterRandom.bits(KEY, first + i) >>> 24);

        assertThat(deviations).isBetween(-LIMIT, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 257})
    void modelsAreIndependent(int model) {
        assertThat(dependence(KEY, CounterRandom.key(0, TENSOR, model), 0))
                .isBetween(-LIMIT, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, -1, 1L << 32, Long.MIN_VALUE})
    void seedsAreIndependent(long seed) {
        assertThat(dependence(KEY, CounterRandom.key(seed, TENSOR, 1), 0)).isBetween(-LIMIT, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.4.mlp.up_proj.weight",
                "model.layers.3.mlp.down_proj.weight",
                "model.layers.3.mlp.up_proj.bias",
                ""
            })
    void tensorsAreIndependent(String tensor) {
        assertThat(dependence(KEY, CounterRandom.key(0, tensor, 1), 0)).isBetween(-LIMIT, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.3, 0.5, 0.9, 0.999})
    void densityIsTheShareThatIsKept(double density) {
        long kept = LongStream.range(0, MANY).filter(i -> isKept(i, density)).count();

        double deviation = Math.sqrt(MANY * density * (1 - density));
        assertThat((double) kept).isCloseTo(MANY * density, within(LIMIT * deviation));
    }

    @ParameterizedTest
    @CsvSource({
        "0x1p-33, 0",
        "0x1p-32, 1",
        "0.25, 1073741824",
        "0.5, 2147483648",
        "0x1.fffffffffffffp-1, 4294967295"
    })
    void limitIsTheNumberOfDrawsThatKeep(String density, long limit) {
        assertThat(CounterRandom.limit(Double.parseDouble(density)) & 0xffff_ffffL)
                .isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4096, (1L << 31) - 4096, 1L << 32, 5L << 32})
    void tilesKeepWhatTheDrawsOfTheirElementsSay(long from) {
        float[] expected = new float[4093];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = isKept(from + i, 0.3) ? 1 : 0;
        }

        for (TileOps ops : new TileOps[] {new ScalarTileOps(), new VectorTileOps()}) {
            float[] tile = new float[expected.length];
            Arrays.fill(tile, 1);
            ops.keepBernoulli(tile, tile.length, KEY, from, CounterRandom.limit(0.3));

            assertThat(tile).isEqualTo(expected);
        }
    }

    private static boolean isKept(long element, double density) {
        return Integer.compareUnsigned(
                        CounterRandom.bits(KEY, element), CounterRandom.limit(density))
                < 0;
    }

    // Pairs of the upper four bits of two draws.
    private static double dependence(long key, long other, long distance) {
        return ChiSquare.deviations(
                MANY,
                256,
                i ->
                        CounterRandom.bits(key, i) >>> 28 << 4
                                | CounterRandom.bits(other, i + distance) >>> 28);
    }
}
