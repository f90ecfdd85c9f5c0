package jmergekit.linalg;

import java.lang.foreign.MemorySegment;

/// A float32 matrix that can be read by rows, several times with the same result.
public interface RowSource {
    long rows();

    long columns();

    /// Writes `count` rows, starting with row `first`, to `into`, row by row without gaps.
    ///
    /// @return the sum of the squares of the written elements
    double read(long first, long count, MemorySegment into);

    /// The largest singular value that could be due to rounding of the stored values. Called after
    /// every row was read.
    double noise();
}
