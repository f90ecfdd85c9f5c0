package jmergekit.linalg;

import java.lang.foreign.MemorySegment;

/// A matrix of float32 that can be read by rows, several times with the same result.
public interface RowSource {
    long rows();

    long columns();

    /// Writes `count` rows from row `first` on into `into`, row after row without gaps.
    ///
    /// @return the sum of the squares of what was written
    double read(long first, long count, MemorySegment into);

    /// The largest singular value that rounding of the stored values alone may account for. Asked
    /// after every row was read.
    double noise();
}
