package jmergekit.cuda;

/// A part of a tensor whose sources lie in a stream's device memory.
///
/// @param tensor whose sources
/// @param part which segments of it
/// @param from the first element
/// @param n elements
/// @param sources where each source's elements from `from` on lie
/// @param used how much of the stream's memory they take
record LoadedChunk(
        SourcesOnHost tensor, Segments.Part part, long from, long n, long[] sources, long used) {}
