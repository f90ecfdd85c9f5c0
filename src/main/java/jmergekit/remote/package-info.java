/// Models of object stores, as folders of a cache that a run has for itself: small files as they are, weights as
/// blocks that come when tensors need them and go when no tensor needs them any more.
@org.jspecify.annotations.NullMarked
package jmergekit.remote;
