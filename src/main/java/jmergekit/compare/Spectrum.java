package jmergekit.compare;

import java.util.List;

/// The distribution of a matrix over its singular directions, estimated from a sample of its rows.
///
/// @param rows the number of rows in the sample
/// @param stableRank the squared Frobenius norm divided by the square of the largest singular value: 1 for
///     a matrix of rank 1, at most the rank
/// @param energy the share of the squared Frobenius norm in the leading `k + 1` directions, by `k`
public record Spectrum(long rows, double stableRank, List<Double> energy) {
    public Spectrum {
        energy = List.copyOf(energy);
    }
}
