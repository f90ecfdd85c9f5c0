package jmergekit.cuda;

/// A part of a tensor whose sources are in a stream's device memory.
///
/// @param tensor identifies the sources
/// @param part its segments
/// @param from index of the first element
/// @param n number of elements
/// @param sources device address of each source's elements, starting at `from`
/// @param used bytes of the stream's memory that they occupy
record LoadedChunk(
        SourcesOnHost tensor, Segments.Part part, long from, long n, long[] sources, long used) {}
