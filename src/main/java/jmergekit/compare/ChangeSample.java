package jmergekit.compare;

import java.util.stream.IntStream;

/// Statistics of a change from a sample of elements.
///
/// @param elements the number of elements in the sample
/// @param squares the sum of squared changes
/// @param fourths the sum of their fourth powers
/// @param stepSquares the sum of squared rounding steps of the reference's dtype: the distance
///     between neighbouring numbers at each element
/// @param changed the number of changed elements
/// @param vanishing the number of changed elements whose change is less than half a step, so that
///     rounding removes it
/// @param magnitudes the number of changes with a magnitude from `2^(LEAST_EXPONENT + k)` to less
///     than twice that, by `k`; the first also counts smaller ones, and the last larger ones
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

    /// The number of [#magnitudes].
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

    /// How far a change exceeds rounding noise, in bits: the binary logarithm of its root mean
    /// square divided by that of the rounding error of the dtype, a step divided by the square root
    /// of 12. Below 0 the noise is larger than the change. NaN without a change.
    public double headroom() {
        return squares == 0 ? Double.NaN : Math.log(12 * squares / stepSquares) / Math.log(4);
    }

    /// [#vanishing] as a share of the changed elements; NaN if nothing changed.
    public double vanishingShare() {
        return (double) vanishing / changed;
    }

    /// The fourth moment of the changes divided by the square of the second: 3 for a normal
    /// distribution, more if a few elements hold most of the change. NaN without a change.
    public double kurtosis() {
        return fourths * elements / (squares * squares);
    }
}
