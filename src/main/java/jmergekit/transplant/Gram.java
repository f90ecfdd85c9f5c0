package jmergekit.transplant;

/// The inner products of all atoms with each other. Thread-safe.
interface Gram extends AutoCloseable {
    /// An atom's product with itself.
    float square(int atom);

    /// An atom's products with some others.
    void gather(int atom, int[] others, int count, float[] into);

    /// Takes sums of atoms out of the products that something has with all atoms.
    ///
    /// @param products from `from` on, one for each atom
    /// @param count how many atoms the sum has
    void subtract(float[] products, int from, int[] atoms, double[] factors, int count);

    @Override
    default void close() {}
}
