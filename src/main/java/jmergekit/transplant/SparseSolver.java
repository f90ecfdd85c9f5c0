package jmergekit.transplant;

/// Finds a few tokens of the model whose weighted sum is a token of the donor. Thread-safe.
interface SparseSolver extends AutoCloseable {
    /// Receives the sum for the token `place` of the batch.
    interface Sink {
        /// @param ids ids of the model's tokens, `count` of them
        void accept(int place, int[] ids, double[] weights, int count);
    }

    void solve(TokenBatch batch, Sink sink);

    /// The best number of tokens in a batch.
    int batchSize();

    @Override
    default void close() {}
}
