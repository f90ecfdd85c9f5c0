/// Models in object stores, as folders of a cache that belongs to one run. Small files are fetched
/// as they are. Weights are fetched in blocks when tensors need them, and the blocks are freed when
/// no tensor needs them any more.
@org.jspecify.annotations.NullMarked
package jmergekit.remote;
