package jmergekit.report;

/// What a run takes of the machine, in bytes.
///
/// @param threads that will work
/// @param memory of the program, besides the page cache
/// @param heap that the program may have at most
/// @param read of tensors
/// @param disk of the output, with what is needed besides while it is made
/// @param free on the disk that the output goes to
/// @param place the folder or store it goes to, or the folder whose disk was looked at
/// @param download that is not on this machine yet
/// @param downloads how many files that is
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
