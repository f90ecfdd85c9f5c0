/// The system's page cache, and holes in files. The only room, apart from `cuda`, that calls native
/// code.
@org.jspecify.annotations.NullMarked
package jmergekit.pagecache;
