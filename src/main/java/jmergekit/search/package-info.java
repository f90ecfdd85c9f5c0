/// Black-box search: spaces of variables, and algorithms that propose points and learn from their
/// results.
@org.jspecify.annotations.NullMarked
package jmergekit.search;
