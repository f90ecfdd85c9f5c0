package jmergekit.primitive;

/// A computation on tiles of differences from the base. It is called by several threads, and has no
/// state. Its results must not depend on where tiles begin and end.
public interface ElementRule {
    /// The longest group of elements that a rule may ask for.
    int LONGEST_GROUP = 1024;

    /// Computes the change of each element of a tile, to be added to the base.
    ///
    /// @param into receives `tile.n()` values; nothing else holds this array
    void change(ElementTile tile, float[] into);

    /// The number of consecutive elements along a row that the rule treats as one group; 1 if it
    /// treats elements one by one. The groups of a row begin at its first element, and the last one
    /// may be shorter. A tile consists of whole groups. At most [#LONGEST_GROUP].
    default int group() {
        return 1;
    }

    /// The number of spare arrays that the rule needs.
    default int spares() {
        return 0;
    }
}
