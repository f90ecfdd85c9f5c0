package jmergekit.compare;

import java.util.stream.IntStream;

/// What a sample of elements says of a change.
///
/// @param elements of the sample
/// @param squares sum of the squares of the changes
/// @param fourths sum of their fourth powers
/// @param stepSquares sum of the squares of the steps of the reference's dtype: the distances between
///     neighbouring numbers where each element lies
/// @param changed elements that changed
/// @param vanishing of them, those whose change is less than half a step: rounding takes them away
/// @param magnitudes how many changes have a magnitude of `2^(LEAST_EXPONENT + k)` and less than
///     twice that, by `k`; the first counts smaller ones too, and the last larger ones
public record ChangeSample(
        long elements,
        double squares,
        double fourths,
        double stepSquares,
        long changed,
        long vanishing,
        long[] magnitudes) {
    /// The exponent of the first of [#magnitudes].
    public static final int LEAST_EXPONENT = -40;

    /// How many [#magnitudes] there are.
    public static final int EXPONENTS = 48;

    static final ChangeSample NONE = new ChangeSample(0, 0, 0, 0, 0, 0, new long[EXPONENTS]);

    ChangeSample plus(ChangeSample other) {
        return new ChangeSample(
                elements + other.elements,
                squares + other.squares,
                fourths + other.fourths,
                stepSquares + other.stepSquares,
                changed + other.changed,
                vanishing + other.vanishing,
                IntStream.range(0, EXPONENTS)
                        .mapToLong(k -> magnitudes[k] + other.magnitudes[k])
                        .toArray());
    }

    /// How much of a change stands out from the noise of rounding, in bits: the binary logarithm of its
    /// root mean square divided by that of the error of rounding to the dtype, a step divided by the
    /// square root of 12. Below 0 the noise is larger than the change. NaN without a change.
    public double headroom() {
        return squares == 0 ? Double.NaN : Math.log(12 * squares / stepSquares) / Math.log(4);
    }

    /// [#vanishing] as a share of what changed; NaN if nothing did.
    public double vanishingShare() {
        return (double) vanishing / changed;
    }

    /// The fourth moment of the changes divided by the square of the second: 3 for normal numbers, more
    /// if few elements hold most of the change. NaN without a change.
    public double kurtosis() {
        return fourths * elements / (squares * squares);
    }
}
