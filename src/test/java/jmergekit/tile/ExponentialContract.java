package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// What [TileOps] says of exponentials, against [Math].
interface ExponentialContract {
    /// Two units in the last of a float's 24 bits.
    double ACCURACY = 2 * 0x1p-23;

    TileOps ops();

    @Test
    default void expIsAccurateOverItsRange() {
        float[] x = range(-85, 85);
        float[] into = new float[x.length];
        ops().exp(x, 0, into, x.length);
        for (int i = 0; i < x.length; i++) {
            double exact = Math.exp(x[i]);
            assertThat((double) into[i])
                    .as("e^%s", x[i])
                    .isCloseTo(exact, within(exact * ACCURACY));
        }
    }

    @Test
    default void expShiftsItsArgument() {
        float[] x = {3, 4, -90, 900};
        ops().exp(x, 3, x, 4);
        assertThat(x[0]).isEqualTo(1);
        assertThat((double) x[1]).isCloseTo(Math.E, within(1e-6));
        assertThat((double) x[2]).isCloseTo(0, within(1e-30));
        assertThat(x[3]).isFinite().isGreaterThan(1e37f);
    }

    @Test
    default void expm1IsAccurateNearZero() {
        float[] x = range(-1e-3f, 1e-3f);
        assertAccurate(x);
        assertAccurate(range(-2, 2));
        assertAccurate(new float[] {0, 0x1p-30f, -0x1p-60f, 5, -5, 20});
    }

    private void assertAccurate(float[] x) {
        float[] into = new float[x.length];
        ops().expm1(x, into, x.length);
        for (int i = 0; i < x.length; i++) {
            double exact = Math.expm1(x[i]);
            assertThat((double) into[i])
                    .as("e^%s - 1", x[i])
                    .isCloseTo(exact, within(Math.abs(exact) * ACCURACY));
        }
    }

    @Test
    default void addTiltedAddsElementsToTheirLanes() {
        int n = TileOps.LANES + 1;
        float[] w = new float[n];
        float[] g = new float[n];
        float[] d = new float[n];
        w[0] = 2;
        g[0] = 0.5f;
        d[0] = 10;
        w[n - 1] = 1;
        g[n - 1] = 3;
        d[n - 1] = -1;
        double[][] lanes = new double[3][TileOps.LANES];
        ops().addTilted(w, g, d, n, lanes);
        assertThat(lanes[0][0]).isEqualTo(3);
        assertThat(lanes[1][0]).isEqualTo(1 + 3);
        assertThat(lanes[2][0]).isEqualTo(30 - 4);
    }

    private static float[] range(float from, float end) {
        float[] x = new float[1003];
        for (int i = 0; i < x.length; i++) {
            x[i] = from + (end - from) * i / (x.length - 1);
        }
        return x;
    }
}
