package jmergekit.primitive;

import org.jspecify.annotations.Nullable;

/// Which elements of a source's difference from the base take part.
public sealed interface Mask {
    /// Every element.
    record All() implements Mask {}

    /// No element.
    record None() implements Mask {}

    /// The elements whose magnitude is above `magnitude` (bits without sign), and the first of those
    /// equal to it: in part `c` of the tensor the first `equalKept[c]`. Without `equalKept` all of
    /// the equal ones. The parts are those that the primitives which made the mask work in, so that
    /// no others can use it.
    ///
    /// Equal magnitudes are common in half precision. Keeping the first ones makes the number of
    /// kept elements exact and the choice the same on every run.
    record Largest(int magnitude, long @Nullable [] equalKept) implements Mask {}

    /// The elements whose bit is set: element `i` is bit `i % 64` of word `i / 64`. For tensors of
    /// fewer than 2^31 elements.
    record Bitmap(long[] words) implements Mask {}

    /// The elements that `kept` keeps and `dropped` does not; those of `dropped` are among those of
    /// `kept`. Each of the two is one of the masks above.
    record Without(Mask kept, Mask dropped) implements Mask {}

    /// Each element with probability `density`, independently.
    ///
    /// @param key of the [jmergekit.tile.CounterRandom]
    /// @param density from 0 to 1, both excluded
    record Bernoulli(long key, double density) implements Mask {}

    /// Each element with a probability that grows with the rank of its magnitude in its row, from
    /// `density - epsilon` for the smallest to `density + epsilon` for the largest; in a row of one
    /// element `density`. Equal magnitudes rank by place; in long rows the first 15 bits of a
    /// magnitude count. A row runs along the last dimension; a vector is one row. Of rows of more
    /// than 2^20 elements each run of so many counts as one.
    ///
    /// @param key of the [jmergekit.tile.CounterRandom]
    record BernoulliByRank(long key, double density, double epsilon) implements Mask {}

    /// The elements where the sources' differences vary most, the same ones of every source.
    ///
    /// @param largest of the variance
    record Varying(Mask largest) implements Mask {}

    Mask ALL = new All();
    Mask NONE = new None();
}
