/// Dense linear algebra: products of large matrices on PyTorch, factorisations of small ones, and the
/// low-rank approximation made of both. Knows no model, no file and no thread.
@org.jspecify.annotations.NullMarked
package jmergekit.linalg;
