package jmergekit.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import jmergekit.weights.WeightHeader;

/// A reader of one format, and damaged files for it.
interface Reader {
    /// Writes a damaged file.
    void write(Path file) throws IOException;

    WeightHeader read(Path file) throws IOException;
}
