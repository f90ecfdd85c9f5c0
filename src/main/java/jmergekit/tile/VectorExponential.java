package jmergekit.tile;

import static jmergekit.tile.ScalarExponential.LN2_HIGH;
import static jmergekit.tile.ScalarExponential.LN2_LOW;
import static jmergekit.tile.ScalarExponential.LOG2_E;
import static jmergekit.tile.ScalarExponential.P0;
import static jmergekit.tile.ScalarExponential.P1;
import static jmergekit.tile.ScalarExponential.P2;
import static jmergekit.tile.ScalarExponential.P3;
import static jmergekit.tile.ScalarExponential.P4;
import static jmergekit.tile.ScalarExponential.P5;
import static jmergekit.tile.ScalarExponential.ROUNDING;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [ScalarExponential] with vectors.
final class VectorExponential {
    private static final VectorSpecies<Float> FLOATS = VectorShapes.FLOATS;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private VectorExponential() {}

    static void exp(float[] x, float shift, float[] into, int end) {
        for (int i = 0; i < end; i += FLOATS.length()) {
            FloatVector clamped = clamped(FloatVector.fromArray(FLOATS, x, i).sub(shift));
            FloatVector rounded = clamped.mul(LOG2_E).add(ROUNDING);
            FloatVector power = power(rounded);
            power.mul(reduced(clamped, rounded.sub(ROUNDING))).add(power).intoArray(into, i);
        }
    }

    static void expm1(float[] x, float[] into, int end) {
        for (int i = 0; i < end; i += FLOATS.length()) {
            FloatVector clamped = clamped(FloatVector.fromArray(FLOATS, x, i));
            FloatVector rounded = clamped.mul(LOG2_E).add(ROUNDING);
            FloatVector power = power(rounded);
            power.mul(reduced(clamped, rounded.sub(ROUNDING))).add(power.sub(1)).intoArray(into, i);
        }
    }

    private static FloatVector clamped(FloatVector x) {
        return x.max(-TileOps.MAX_EXPONENT).min(TileOps.MAX_EXPONENT);
    }

    private static FloatVector reduced(FloatVector x, FloatVector count) {
        FloatVector r = x.sub(count.mul(LN2_HIGH)).sub(count.mul(LN2_LOW));
        FloatVector p =
                r.mul(P5).add(P4).mul(r).add(P3).mul(r).add(P2).mul(r).add(P1).mul(r).add(P0);
        return r.mul(r).mul(p).add(r);
    }

    private static FloatVector power(FloatVector rounded) {
        return rounded.reinterpretAsInts()
                .sub(ROUNDING_BITS - 127)
                .lanewise(jdk.incubator.vector.VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
    }
}
