package jmergekit.report;

/// The resources a run needs. Sizes are in bytes.
///
/// @param threads the number of working threads
/// @param memory used by the program, excluding the page cache
/// @param heap the limit of the Java heap
/// @param read bytes of tensors read
/// @param disk for the output and scratch files
/// @param free free space on the output's disk; [Long#MAX_VALUE] if unknown
/// @param place the folder or store of the output, or the folder whose disk was checked
/// @param download bytes of files not yet on this machine
/// @param downloads the number of those files
public record Needs(
        int threads,
        long memory,
        long heap,
        long read,
        long disk,
        long free,
        String place,
        long download,
        int downloads) {}
