package jmergekit.transplant;

import java.util.Arrays;
import jmergekit.linalg.RowProducts;

/// Interpolates between the `k` shared tokens whose rows are nearest to the donor's row.
final class NearestSolver implements SparseSolver {
    /// Keeps the equations solvable when there are more tokens than dimensions, as a share of their
    /// diagonal.
    private static final double RIDGE = 1e-10;

    /// Makes a row at no distance the only one that counts, and avoids division by 0.
    private static final double LEAST_DISTANCE = 1e-12;

    /// Cosines whose sum is a smaller share of their magnitudes cancel out.
    private static final double CANCELLED = 1e-6;

    private final Rows donor;
    private final Atoms atoms;
    private final RowProducts products;
    private final TransplantOptions options;
    private final int batchSize;
    private final double[] squares;

    NearestSolver(
            Rows donor,
            Atoms atoms,
            RowProducts products,
            TransplantOptions options,
            int batchSize) {
        this.donor = donor;
        this.atoms = atoms;
        this.products = products;
        this.options = options;
        this.batchSize = batchSize;
        this.squares = new double[atoms.count()];
        float[] row = new float[donor.columns()];
        for (int i = 0; i < squares.length; i++) {
            donor.read(atoms.donorIds()[i], row);
            squares[i] = dot(row, row);
        }
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public void solve(TokenBatch batch, Sink sink) {
        int columns = donor.columns();
        int count = atoms.count();
        float[] vectors = new float[batch.size() * columns];
        float[] row = new float[columns];
        for (int i = 0; i < batch.size(); i++) {
            donor.read(batch.tokens()[i], row);
            System.arraycopy(row, 0, vectors, i * columns, columns);
        }
        float[] inner = new float[batch.size() * count];
        products.inner(vectors, batch.size(), inner);
        Largest nearest = new Largest(Math.min(options.k(), count));
        int[] places = new int[options.k()];
        for (int i = 0; i < batch.size(); i++) {
            for (int a = 0; a < count; a++) {
                if (a != batch.held()[i]) {
                    nearest.offer(nearness(inner[i * count + a], squares[a]), a);
                }
            }
            int found = nearest.drain(places);
            System.arraycopy(vectors, i * columns, row, 0, columns);
            double[] weights = weights(row, places, found);
            int[] ids = new int[found];
            for (int j = 0; j < found; j++) {
                ids[j] = atoms.modelIds()[places[j]];
            }
            sink.accept(i, ids, weights, found);
        }
    }

    // Increases with the cosine, or as the distance decreases.
    private float nearness(double inner, double square) {
        if (options.cosine()) {
            return square > 0 ? (float) (inner / Math.sqrt(square)) : Float.NEGATIVE_INFINITY;
        }
        return (float) (2 * inner - square);
    }

    private double[] weights(float[] vector, int[] places, int count) {
        float[][] rows = new float[count][vector.length];
        for (int i = 0; i < count; i++) {
            donor.read(atoms.donorIds()[places[i]], rows[i]);
        }
        return switch (options.weights()) {
            case DISTANCE_PROPORTIONAL ->
                    options.cosine() ? byCosine(vector, rows) : byDistance(vector, rows);
            case BARYCENTRIC -> barycentric(vector, rows);
            case LEAST_SQUARES -> leastSquares(vector, rows);
        };
    }

    private static double[] byDistance(float[] vector, float[][] rows) {
        double[] weights = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double distance = Math.sqrt(squaredDistance(vector, rows[i]));
            weights[i] = 1 / Math.max(distance, LEAST_DISTANCE);
        }
        return normalised(weights);
    }

    private static double[] byCosine(float[] vector, float[][] rows) {
        double[] weights = new double[rows.length];
        double length = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < rows.length; i++) {
            double lengths = length * Math.sqrt(dot(rows[i], rows[i]));
            weights[i] = lengths > 0 ? dot(vector, rows[i]) / lengths : 0;
        }
        return normalised(weights);
    }

    private static double[] normalised(double[] weights) {
        double sum = 0;
        double size = 0;
        for (double weight : weights) {
            sum += weight;
            size += Math.abs(weight);
        }
        // If cosines of both signs cancel out, none is better than another.
        boolean none = !(Math.abs(sum) > CANCELLED * size);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = none ? 1.0 / weights.length : weights[i] / sum;
        }
        return weights;
    }

    private static double[] barycentric(float[] vector, float[][] rows) {
        float[][] offsets = new float[rows.length][vector.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                offsets[i][j] = rows[i][j] - vector[j];
            }
        }
        double[] ones = new double[rows.length];
        Arrays.fill(ones, 1);
        return normalised(solved(offsets, ones));
    }

    private static double[] leastSquares(float[] vector, float[][] rows) {
        double[] wanted = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            wanted[i] = dot(rows[i], vector);
        }
        return solved(rows, wanted);
    }

    private static double[] solved(float[][] rows, double[] wanted) {
        double trace = 0;
        for (float[] row : rows) {
            trace += dot(row, row);
        }
        double ridge = RIDGE * trace / Math.max(1, rows.length) + Double.MIN_NORMAL;
        Cholesky factor = new Cholesky(rows.length);
        for (int i = 0; i < rows.length; i++) {
            double[] common = new double[i];
            for (int j = 0; j < i; j++) {
                common[j] = dot(rows[i], rows[j]);
            }
            factor.add(common, dot(rows[i], rows[i]) + ridge, 0);
        }
        if (factor.size() < rows.length) {
            double[] equal = new double[rows.length];
            Arrays.fill(equal, 1.0 / rows.length);
            return equal;
        }
        factor.solve(wanted);
        return wanted;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Override
    public void close() {
        products.close();
    }
}
