package jmergekit.primitive;

import org.jspecify.annotations.Nullable;

/// Which elements of a source's difference from the base are used.
public sealed interface Mask {
    /// Every element.
    record All() implements Mask {}

    /// No element.
    record None() implements Mask {}

    /// The elements whose magnitude is above `magnitude` (bits without sign), and the first of
    /// those equal to it: the first `equalKept[c]` in part `c` of the tensor. Without `equalKept`,
    /// all elements equal to it. The parts belong to the primitives that made the mask, so other
    /// primitives cannot use it.
    ///
    /// Equal magnitudes are common in half precision. Keeping the first ones makes the number of
    /// kept elements exact, and the choice the same on every run.
    record Largest(int magnitude, long @Nullable [] equalKept) implements Mask {}

    /// The elements whose bit is set: element `i` is bit `i % 64` of word `i / 64`. For tensors of
    /// fewer than 2^31 elements.
    record Bitmap(long[] words) implements Mask {}

    /// The elements that `kept` keeps and `dropped` does not; the elements of `dropped` are a
    /// subset of those of `kept`. Each of the two is one of the masks above.
    record Without(Mask kept, Mask dropped) implements Mask {}

    /// Each element with probability `density`, independently.
    ///
    /// @param key of the [jmergekit.tile.CounterRandom]
    /// @param density from 0 to 1, both excluded
    record Bernoulli(long key, double density) implements Mask {}

    /// Each element with a probability that grows with the rank of its magnitude in its row, from
    /// `density - epsilon` for the smallest to `density + epsilon` for the largest; `density` in a
    /// row of one element. Equal magnitudes are ranked by position; in long rows only the first 15
    /// bits of a magnitude count. A row runs along the last dimension; a vector is one row. A row
    /// of more than 2^20 elements is split into runs of that length, each ranked as one row.
    ///
    /// @param key of the [jmergekit.tile.CounterRandom]
    record BernoulliByRank(long key, double density, double epsilon) implements Mask {}

    /// The elements where the sources' differences vary most, the same ones for every source.
    ///
    /// @param largest mask of the largest variances
    record Varying(Mask largest) implements Mask {}

    Mask ALL = new All();
    Mask NONE = new None();
}
