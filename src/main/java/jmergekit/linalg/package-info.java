/// Dense linear algebra: products of large matrices with PyTorch, factorisations of small ones, and
/// low-rank approximation based on both. Knows nothing about models, files and threads.
@org.jspecify.annotations.NullMarked
package jmergekit.linalg;
