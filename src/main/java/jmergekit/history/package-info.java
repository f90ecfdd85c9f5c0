/// How outputs were made, read back from the files in their folders.
@org.jspecify.annotations.NullMarked
package jmergekit.history;
