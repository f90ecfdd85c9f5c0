package jmergekit.transplant;

/// Finds rows for tokens that the model does not have, of one side. Thread-safe.
interface Approximation extends AutoCloseable {
    /// The rows of a batch.
    ///
    /// @param into for each table of the side, in their order, the rows of the batch one after the
    ///     other
    void rows(TokenBatch batch, float[][] into);

    /// How many tokens a batch should have.
    default int batchSize() {
        return 1024;
    }

    @Override
    default void close() {}
}
