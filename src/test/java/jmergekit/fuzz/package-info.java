/// Feeds damaged files to the readers of weight files: `scripts/fuzz`.
@org.jspecify.annotations.NullMarked
package jmergekit.fuzz;
