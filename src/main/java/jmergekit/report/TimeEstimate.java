package jmergekit.report;

/// The time for the tensors of a plan, estimated from a sample.
///
/// @param seconds for all tensors
/// @param sampleSeconds the time for the sample
/// @param sampleBytes bytes read and written for the sample
/// @param bytes bytes read and written for all tensors
/// @param threads the number of working threads
/// @param writes whether the sample was written to a disk, as the output will be
public record TimeEstimate(
        double seconds,
        double sampleSeconds,
        long sampleBytes,
        long bytes,
        int threads,
        boolean writes) {}
