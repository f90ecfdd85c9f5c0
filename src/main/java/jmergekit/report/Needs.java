package jmergekit.report;

/// What a run needs of the machine. Sizes are in bytes.
///
/// @param threads how many will work
/// @param memory of the program, without the page cache
/// @param heap the limit of the Java heap
/// @param read bytes of tensors that are read
/// @param disk for the output and the scratch files of its run
/// @param free on the disk that the output goes to; [Long#MAX_VALUE] if it is not known
/// @param place the folder or store it goes to, or the folder whose disk was looked at
/// @param download of files that are not on this machine yet
/// @param downloads how many files those are
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
