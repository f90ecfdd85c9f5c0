package jmergekit.cpu;

import jmergekit.fixture.ArrayPrimitives;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.tensor.Shape;

/// What a mask leaves of a tensor.
final class KeptElements {
    private KeptElements() {}

    /// `x` with 0 where the mask drops, taking `x` for the difference of the only model from a base of
    /// zeros.
    static float[] of(Shape shape, float[] x, Mask mask) {
        ArrayPrimitives arrays = new ArrayPrimitives(shape, 0, new float[x.length], x);
        double[] ones = {1, 1};
        Mask[] masks = {Mask.ALL, mask};
        arrays.primitives()
                .combine(new TaskVectorSum(ones, ones, masks, Election.NONE, Division.NONE, 1));
        return arrays.result();
    }
}
