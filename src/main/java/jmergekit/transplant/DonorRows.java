package jmergekit.transplant;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import jmergekit.problem.Problem;

/// The donor's rows, scaled so that their inner products neither overflow nor underflow in float32.
///
/// @param rows multiplied by a power of two if their values are very large or small
/// @param usable the rows without NaN, infinity and values that are too large to square compared
///     with the others
record DonorRows(Rows rows, BitSet usable) {
    /// Values between 2^-40 and 2^40 are not scaled.
    private static final int USUAL_EXPONENT = 40;

    /// The sum of a hundred thousand squares of smaller values is finite.
    private static final float MOST = 0x1p54f;

    static DonorRows of(Rows rows) {
        BitSet finite = rows.finite();
        float[] largest = new float[rows.count()];
        float[] row = new float[rows.columns()];
        for (int i = finite.nextSetBit(0); i >= 0; i = finite.nextSetBit(i + 1)) {
            rows.read(i, row);
            for (float value : row) {
                largest[i] = Math.max(largest[i], Math.abs(value));
            }
        }
        float factor = factor(largest);
        BitSet usable = new BitSet();
        finite.stream().filter(i -> largest[i] * factor < MOST).forEach(usable::set);
        return new DonorRows(new Rows(rows.tensor(), rows.columns(), factor), usable);
    }

    /// A warning about the unusable rows, if there are any.
    Optional<Problem> warning(PlannedTransplant plan, Side side) {
        String name = plan.donorRows().get(side).spec().name();
        return new NonFiniteRows(name, rows, usable)
                .warning(
                        plan.donor().reference().toString(),
                        plan.matches().donor(),
                        "NaN, infinity or values too large to square");
    }

    // Uses the median, on which single rows have no influence.
    private static float factor(float[] largest) {
        float[] sorted = largest.clone();
        Arrays.sort(sorted);
        int zeros = 0;
        while (zeros < sorted.length && sorted[zeros] == 0) {
            zeros++;
        }
        if (zeros == sorted.length) {
            return 1;
        }
        int exponent = Math.getExponent(sorted[(zeros + sorted.length) / 2]);
        return Math.abs(exponent) <= USUAL_EXPONENT
                ? 1
                : Math.scalb(1f, Math.clamp(-exponent, -126, 126));
    }
}
