package jmergekit.transplant;

import java.util.Locale;

/// How a token's nearest shared tokens are weighted.
public enum WeightScheme {
    /// In inverse proportion to the distance; for cosines, in proportion to them.
    DISTANCE_PROPORTIONAL,
    /// The best approximation of the donor's row by weights with a sum of 1.
    BARYCENTRIC,
    /// The best approximation of the donor's row.
    LEAST_SQUARES;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
