package jmergekit.transplant;

/// The inner products of all atoms with each other. Thread-safe.
interface Gram extends AutoCloseable {
    /// An atom's product with itself.
    float square(int atom);

    /// The products of an atom with some others.
    void gather(int atom, int[] others, int count, float[] into);

    /// Subtracts sums of atoms from the products of a vector with all atoms.
    ///
    /// @param products starting at `from`, one for each atom
    /// @param count the number of atoms in the sum
    void subtract(float[] products, int from, int[] atoms, double[] factors, int count);

    @Override
    default void close() {}
}
