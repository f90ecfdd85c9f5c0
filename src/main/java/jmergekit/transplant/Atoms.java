package jmergekit.transplant;

import java.util.Arrays;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TokenMatches;

/// The shared tokens from which others are approximated, in the order of the donor's ids.
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

    /// As many atoms as a method can use: those with the lowest ids in the donor.
    Atoms usable(ApproximationMethod method) {
        return method.isPursuit()
                ? at(IntStream.range(0, Math.min(count(), StoredGram.MOST)))
                : this;
    }

    /// Selects a token by its ids.
    interface Choice {
        boolean keeps(int modelId, int donorId);
    }

    Atoms filter(Choice choice) {
        return at(IntStream.range(0, count()).filter(i -> choice.keeps(modelIds[i], donorIds[i])));
    }

    /// All atoms except those with the given numbers, which are sorted.
    Atoms without(int[] some) {
        return at(IntStream.range(0, count()).filter(i -> Arrays.binarySearch(some, i) < 0));
    }

    private Atoms at(IntStream places) {
        int[] left = places.toArray();
        return new Atoms(
                IntStream.of(left).map(i -> donorIds[i]).toArray(),
                IntStream.of(left).map(i -> modelIds[i]).toArray());
    }
}
