package jmergekit.transplant;

import java.util.Arrays;
import jmergekit.linalg.RowProducts;
import jmergekit.tile.TileOps;

/// Approximates the donor's rows by sums of its rows of shared tokens, with a [Pursuit].
final class PursuitSolver implements SparseSolver {
    private final Rows donor;
    private final Atoms atoms;
    private final Rows.Change change;
    private final RowProducts products;
    private final Gram gram;
    private final Pursuit pursuit;
    private final TileOps ops;
    private final int batchSize;

    /// @param change applied to rows before they are compared
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
        TakenRows exact = new TakenRows(pursuit.orthogonal() ? pursuit.steps() : 0, columns);
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(vectors, i * columns, row, 0, columns);
            exact.begin(row);
            search.run(inner, i * atoms.count(), batch.held()[i], exact);
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

    // Rows of the atoms taken for a vector.
    private final class TakenRows implements Pursuit.Exact {
        private final float[][] rows;
        private final double[] lanes = new double[TileOps.LANES];
        private float[] vector = new float[0];
        private double square;

        TakenRows(int most, int columns) {
            rows = new float[most][columns];
        }

        void begin(float[] of) {
            vector = of;
            square = dot(of, of);
        }

        @Override
        public double square() {
            return square;
        }

        @Override
        public double read(int place, int atom, double[] common) {
            float[] row = rows[place];
            PursuitSolver.this.read(atoms.donorIds()[atom], row);
            for (int i = 0; i < place; i++) {
                common[i] = dot(row, rows[i]);
            }
            return dot(row, row);
        }

        @Override
        public double product(int place) {
            return dot(rows[place], vector);
        }

        private double dot(float[] a, float[] b) {
            Arrays.fill(lanes, 0);
            ops.dot(a, b, a.length, lanes);
            double sum = 0;
            for (double lane : lanes) {
                sum += lane;
            }
            return sum;
        }
    }

    @Override
    public void close() {
        gram.close();
        products.close();
    }
}
