/// Search without knowledge of what is searched: spaces of variables, and the algorithms that
/// propose points of them and hear how good these are.
@org.jspecify.annotations.NullMarked
package jmergekit.search;
