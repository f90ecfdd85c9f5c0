package jmergekit.transplant;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TokenMatches;

/// The shared tokens that others are approximated from, in the order of the donor's ids.
///
/// @param donorIds their ids in the donor's vocabulary
/// @param modelIds their ids in the model's
record Atoms(int[] donorIds, int[] modelIds) {
    static Atoms of(TokenMatches matches) {
        int[] shared =
                IntStream.range(0, matches.donor().rows())
                        .filter(id -> matches.shared(id) != TokenMatches.NONE)
                        .toArray();
        return new Atoms(shared, IntStream.of(shared).map(matches::shared).toArray());
    }

    int count() {
        return donorIds.length;
    }

    /// As many as a method can take in, those with the lowest ids in the donor.
    Atoms usable(ApproximationMethod method) {
        return method.isPursuit() ? filter(i -> i < StoredGram.MOST) : this;
    }

    /// Those that pass, by their number here.
    Atoms filter(IntPredicate kept) {
        int[] left = IntStream.range(0, count()).filter(kept).toArray();
        return new Atoms(
                IntStream.of(left).map(i -> donorIds[i]).toArray(),
                IntStream.of(left).map(i -> modelIds[i]).toArray());
    }
}
