package jmergekit.linalg;

/// How many singular values of a matrix are kept.
///
/// @param maximum at most so many, at least 1
/// @param energy stop at the first that brings the sum of their squares to this share of that of all
///     singular values; 1 to go on to the maximum
/// @param threshold only those that are larger
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
    /// @param total sum of the squares of all singular values, those not listed included
    /// @param noise singular values up to this mean nothing
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
