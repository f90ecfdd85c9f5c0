/// The system's cache of files. The only room, besides `cuda`, that calls native code.
@org.jspecify.annotations.NullMarked
package jmergekit.pagecache;
