/// The tensors of a model folder, in whichever format its files are: which files there are, which
/// tensor lies where in them, and their bytes, mapped. What a format's headers look like is the
/// affair of the room of that format.
@org.jspecify.annotations.NullMarked
package jmergekit.weights;
