/// The output folder on disk: written under another name, locked, and put in place by a rename.
/// This package also keeps the finished shards of stopped runs, and deletes only files that runs
/// wrote.
@org.jspecify.annotations.NullMarked
package jmergekit.publish;
