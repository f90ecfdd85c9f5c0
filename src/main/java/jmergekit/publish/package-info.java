/// The output folder on disk: written under another name, locked, and put in place by a rename. It
/// also keeps the finished shards of runs that were stopped, and removes only what runs wrote.
@org.jspecify.annotations.NullMarked
package jmergekit.publish;
