package jmergekit.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ScalarContribution] with vectors.
final class VectorContribution {
    private static final VectorSpecies<Float> FLOATS = VectorShapes.FLOATS;

    private VectorContribution() {}

    static void contribute(
            float[] x,
            float least,
            float factor,
            float[] sum,
            float[] scaled,
            float[] count,
            int end) {
        for (int i = 0; i < end; i += FLOATS.length()) {
            FloatVector v = load(x, i);
            FloatVector all = load(sum, i);
            FloatVector sole = load(scaled, i);
            FloatVector counted = load(count, i);
            VectorMask<Float> small = small(v, least);
            all.add(v).blend(all, small).intoArray(sum, i);
            sole.add(v.mul(factor)).blend(sole, small).intoArray(scaled, i);
            counted.add(1).blend(counted, small).intoArray(count, i);
        }
    }

    static int countContributions(float[] x, float least, float[] count, float most, int end) {
        int found = 0;
        for (int i = 0; i < end; i += FLOATS.length()) {
            long small = small(load(x, i), least).toLong();
            long few = load(count, i).compare(VectorOperators.LE, most).toLong();
            found += Long.bitCount(few & ~small);
        }
        return found;
    }

    static void meanOrSole(float[] sum, float[] scaled, float[] count, int end) {
        for (int i = 0; i < end; i += FLOATS.length()) {
            FloatVector counted = load(count, i);
            VectorMask<Float> several = counted.compare(VectorOperators.GT, 1);
            load(scaled, i).blend(load(sum, i).div(counted), several).intoArray(sum, i);
        }
    }

    private static VectorMask<Float> small(FloatVector v, float least) {
        return v.abs().compare(VectorOperators.LE, least);
    }

    private static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(FLOATS, x, i);
    }
}
