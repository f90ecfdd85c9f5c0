package jmergekit.transplant;

import java.util.Locale;

/// How much each of a token's nearest shared tokens counts.
public enum WeightScheme {
    /// In inverse proportion to the distance; of cosines, in proportion to them.
    DISTANCE_PROPORTIONAL,
    /// As comes closest to the donor's row, with a sum of 1.
    BARYCENTRIC,
    /// As comes closest to the donor's row.
    LEAST_SQUARES;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
