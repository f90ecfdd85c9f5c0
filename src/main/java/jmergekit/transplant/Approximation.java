package jmergekit.transplant;

/// Approximates the rows of one side for tokens that the model does not have. Thread-safe.
interface Approximation extends AutoCloseable {
    /// The rows of a batch.
    ///
    /// @param into for each table of the side, in their order, the rows of the batch one after the
    ///     other
    void rows(TokenBatch batch, float[][] into);

    /// The best number of tokens in a batch.
    default int batchSize() {
        return 1024;
    }

    @Override
    default void close() {}
}
