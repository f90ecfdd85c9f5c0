package jmergekit.transplant;

/// Finds few tokens of the model that a token of the donor is a weighted sum of. Thread-safe.
interface SparseSolver extends AutoCloseable {
    /// Takes the sum for the token `place` of the batch.
    interface Sink {
        /// @param ids of the model's tokens, `count` of them
        void accept(int place, int[] ids, double[] weights, int count);
    }

    void solve(TokenBatch batch, Sink sink);

    /// How many tokens a batch should have.
    int batchSize();

    @Override
    default void close() {}
}
