package jmergekit.transplant;

import java.util.Arrays;
import jmergekit.linalg.RowProducts;
import jmergekit.tile.TileOps;

/// Writes a donor's rows as sums of its rows of shared tokens, by a [Pursuit].
final class PursuitSolver implements SparseSolver {
    private static final int ROUNDS = 2;

    private final Rows donor;
    private final Atoms atoms;
    private final Rows.Change change;
    private final RowProducts products;
    private final Gram gram;
    private final Pursuit pursuit;
    private final TileOps ops;
    private final int batchSize;

    /// @param change of rows before they are compared
    PursuitSolver(
            Rows donor,
            Atoms atoms,
            Rows.Change change,
            RowProducts products,
            Gram gram,
            Pursuit pursuit,
            int batchSize) {
        this.donor = donor;
        this.atoms = atoms;
        this.change = change;
        this.products = products;
        this.gram = gram;
        this.pursuit = pursuit;
        this.ops = pursuit.ops();
        this.batchSize = batchSize;
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public void solve(TokenBatch batch, Sink sink) {
        int columns = donor.columns();
        float[] vectors = new float[batch.size() * columns];
        float[] row = new float[columns];
        for (int i = 0; i < batch.size(); i++) {
            read(batch.tokens()[i], row);
            System.arraycopy(row, 0, vectors, i * columns, columns);
        }
        float[] inner = new float[batch.size() * atoms.count()];
        products.inner(vectors, batch.size(), inner);
        Pursuit.Search search = pursuit.search();
        float[][] rows = new float[pursuit.orthogonal() ? pursuit.steps() : 0][columns];
        for (int i = 0; i < batch.size(); i++) {
            search.run(inner, i * atoms.count(), batch.held()[i]);
            if (pursuit.orthogonal()) {
                System.arraycopy(vectors, i * columns, row, 0, columns);
                refine(row, search, rows);
            }
            int[] ids = new int[search.count()];
            for (int j = 0; j < ids.length; j++) {
                ids[j] = atoms.modelIds()[search.atom(j)];
            }
            sink.accept(i, ids, search.coefficients(), ids.length);
        }
    }

    private void read(int token, float[] into) {
        donor.read(token, into);
        change.apply(into);
    }

    // The Gram matrix may be rounded: what the sum leaves of the vector is found from the rows, and
    // solved for again.
    private void refine(float[] vector, Pursuit.Search found, float[][] rows) {
        int count = found.count();
        double[] coefficients = found.coefficients();
        for (int i = 0; i < count; i++) {
            read(atoms.donorIds()[found.atom(i)], rows[i]);
        }
        float[] left = new float[vector.length];
        double[] wanted = new double[count];
        double[] lanes = new double[TileOps.LANES];
        for (int round = 0; round < ROUNDS; round++) {
            System.arraycopy(vector, 0, left, 0, left.length);
            for (int i = 0; i < count; i++) {
                ops.addScaled(left, rows[i], (float) -coefficients[i], left.length);
            }
            for (int i = 0; i < count; i++) {
                Arrays.fill(lanes, 0);
                ops.dot(rows[i], left, left.length, lanes);
                wanted[i] = Arrays.stream(lanes).sum();
            }
            found.solve(wanted);
            for (int i = 0; i < count; i++) {
                coefficients[i] += wanted[i];
            }
        }
    }

    @Override
    public void close() {
        gram.close();
        products.close();
    }
}
