/// The system's cache of files, and holes in them. The only room, besides `cuda`, that calls native code.
@org.jspecify.annotations.NullMarked
package jmergekit.pagecache;
