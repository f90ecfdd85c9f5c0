package jmergekit.primitive;

/// A number for each element of a tensor, computed from the same element of all differences from
/// the base. It is called by several threads, and has no state.
public interface ElementScore {
    /// Computes the scores of a tile; none are negative. The tile's arrays must stay as they are.
    ///
    /// @param into receives `tile.n()` values; nothing else holds this array
    void score(ElementTile tile, float[] into);
}
