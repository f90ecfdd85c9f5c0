package jmergekit.kernel;

/// Which elements of a source take part.
public sealed interface Mask {
    /// Every element.
    record All() implements Mask {}

    /// No element.
    record None() implements Mask {}

    /// The elements whose magnitude is above `magnitude` (bits without sign), and the first of those
    /// equal to it: in chunk `c` of the tensor the first `equalKept[c]`. Without `equalKept` all of
    /// the equal ones.
    ///
    /// Equal magnitudes are common in half precision. Keeping the first ones makes the number of
    /// kept elements exact and the choice the same on every run.
    record Largest(int magnitude, long[] equalKept) implements Mask {}

    /// The elements whose bit is set: element `i` is bit `i % 64` of word `i / 64`. For tensors of
    /// one chunk.
    record Chosen(long[] words) implements Mask {}

    Mask ALL = new All();
    Mask NONE = new None();
}
