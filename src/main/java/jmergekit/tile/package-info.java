/// The arithmetic of one tile of elements, in a scalar and a vector form with the same results. The
/// only room that uses the Vector API; knows no tensor, no file and no thread.
@org.jspecify.annotations.NullMarked
package jmergekit.tile;
