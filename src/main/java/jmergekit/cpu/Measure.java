package jmergekit.cpu;

import jmergekit.primitive.Scratch;

/// The measure that a selection compares: one number for each element, compared by magnitude.
interface Measure {
    /// Writes the values of elements `from` to `from + n` to `into`.
    ///
    /// @param base these elements of the base model's tensor
    /// @param spares may be overwritten
    void read(float[] base, long from, int n, Scratch spares, float[] into);
}
