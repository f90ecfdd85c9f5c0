package jmergekit.primitive;

import java.util.List;

/// Where the arithmetic of a run happens: chosen once, and transparent to merge methods.
public interface Executor extends AutoCloseable {
    /// The processor's name, such as `the CPU`.
    String title();

    /// The number of threads to run with, given the number requested and the size of the heap. Call
    /// this before creating primitives: it determines how much memory each thread may use.
    int threads(int asked);

    /// The primitives over the sources of one output tensor.
    ///
    /// @param sources all with the output's number of elements
    /// @param base index of the base among them, or [Primitives#NO_BASE]
    /// @param chunks distributes work among the run's threads
    Primitives primitives(List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks);

    /// The report of a finished run, line by line.
    List<String> report();

    @Override
    void close();
}
