package jmergekit.primitive;

/// Consecutive elements of a tensor, as an [ElementRule] or an [ElementScore] sees them.
///
/// @param from position of the first element in the tensor
/// @param n number of elements; arrays may be longer
/// @param rowLength elements along the tensor's last dimension
/// @param base elements of the base model's tensor
/// @param differences for each source except the base, in plan order, its elements minus the base's
/// @param spare arrays that the rule may overwrite, as many as it asks for
public record ElementTile(
        long from, int n, long rowLength, float[] base, float[][] differences, float[][] spare) {}
