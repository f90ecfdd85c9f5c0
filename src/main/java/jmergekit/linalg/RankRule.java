package jmergekit.linalg;

/// How many singular values of a matrix are kept.
///
/// @param maximum at most this many, at least 1
/// @param energy stop as soon as the sum of their squares reaches this fraction of the sum for all
///     singular values; 1 to continue up to the maximum
/// @param threshold keep only larger ones
public record RankRule(int maximum, double energy, double threshold) {
    public RankRule {
        if (maximum < 1 || !(energy > 0 && energy <= 1) || !(threshold >= 0)) {
            throw new IllegalArgumentException(
                    "maximum %d, energy %s, threshold %s".formatted(maximum, energy, threshold));
        }
    }

    boolean hasEnergy() {
        return energy < 1;
    }

    /// The number kept, which may be 0.
    ///
    /// @param squares of singular values, largest first
    /// @param total sum of the squares of all singular values, including those not listed
    /// @param noise singular values up to this are insignificant
    int rank(double[] squares, double total, double noise) {
        double floor = Math.max(threshold, noise);
        double kept = 0;
        int rank = 0;
        while (rank < Math.min(maximum, squares.length)
                && Math.sqrt(squares[rank]) > floor
                && !(hasEnergy() && kept >= energy * total)) {
            kept += squares[rank];
            rank++;
        }
        return rank;
    }
}
