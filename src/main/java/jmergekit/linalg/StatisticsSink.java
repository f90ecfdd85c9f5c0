package jmergekit.linalg;

import java.lang.foreign.MemorySegment;

/// Receives statistics, piece by piece. The pieces of a tensor may come from several threads.
public interface StatisticsSink {
    /// @param tensor its name in the file of statistics
    /// @param first the first element, row-major
    /// @param values float32 in the machine's byte order, valid during the call
    void write(String tensor, long first, MemorySegment values);
}
