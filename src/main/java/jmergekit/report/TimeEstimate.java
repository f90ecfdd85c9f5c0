package jmergekit.report;

/// How long the tensors of a plan will take, estimated from a sample of them.
///
/// @param seconds for all of them
/// @param sampleSeconds that the sample took
/// @param sampleBytes read and written for it
/// @param bytes read and written for all
/// @param threads that worked
/// @param writes whether the sample was written to a disk, as the output will be
public record TimeEstimate(
        double seconds,
        double sampleSeconds,
        long sampleBytes,
        long bytes,
        int threads,
        boolean writes) {}
