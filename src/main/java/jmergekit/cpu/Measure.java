package jmergekit.cpu;

import jmergekit.primitive.Scratch;

/// What a selection compares: one number for each element, of which the magnitude counts.
interface Measure {
    /// Puts the values of elements `from` to `from + n` in `into`.
    ///
    /// @param base those elements of the base model's tensor
    /// @param spares may be overwritten
    void read(float[] base, long from, int n, Scratch spares, float[] into);
}
