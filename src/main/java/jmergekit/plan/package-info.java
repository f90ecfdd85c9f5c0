/// The plan of a run as data: models as files, tasks, shards and output files. Plans can be
/// compared, hashed, written as JSON and read back; nothing here opens a file or runs anything.
@org.jspecify.annotations.NullMarked
package jmergekit.plan;
