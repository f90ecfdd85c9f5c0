/// The arithmetic of one tile of elements, in a scalar and a vector form with the same results. The
/// only room that uses the Vector API; knows nothing about tensors, files and threads.
@org.jspecify.annotations.NullMarked
package jmergekit.tile;
