/// How outputs were made, read back from what their folders keep.
@org.jspecify.annotations.NullMarked
package jmergekit.history;
