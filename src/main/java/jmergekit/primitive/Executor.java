package jmergekit.primitive;

import java.util.List;

/// Where the arithmetic of a run happens: chosen once, and no merge method knows it.
public interface Executor extends AutoCloseable {
    /// What it computes on, as in `the CPU`.
    String title();

    /// With how many threads to run where so many were asked for and the heap has room for them. To
    /// be asked before the primitives: what each thread may use follows from it.
    int threads(int asked);

    /// The primitives over the sources of one output tensor.
    ///
    /// @param sources all with the output's number of elements
    /// @param base which of them is the base, or [Primitives#NO_BASE]
    /// @param chunks shares out work among the run's threads
    Primitives primitives(List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks);

    /// What to say of a run when it is over, line by line.
    List<String> report();

    @Override
    void close();
}
