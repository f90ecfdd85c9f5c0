package jmergekit.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jmergekit.linalg.SymmetricEigen;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// Estimates how the change of a matrix is distributed over its singular directions. The leading
/// directions are found in some of its rows, by one step of randomised subspace iteration, and
/// their energy is measured in other rows, so that noise in many rows does not look like a few
/// directions. Time and memory do not grow with the number of rows.
///
/// Source: Halko, Martinsson and Tropp (2011), <https://arxiv.org/abs/0909.4061>.
final class SpectrumEstimate {
    /// The number of directions reported.
    static final int DIRECTIONS = 8;

    /// Additional directions, to find those more accurately.
    private static final int OVERSAMPLING = 4;

    /// The number of rows to find directions in, and the same number to measure them in.
    private static final int ROWS = 96;

    /// Matrices with up to this many rows are used as a whole, since a sample would also read all
    /// of them.
    static final int FEW_ROWS = 2 * ROWS;

    /// The maximum number of columns: 96 rows of this many floats take 12 MiB.
    private static final int MOST_COLUMNS = 1 << 15;

    private static final long KEY = CounterRandom.key(0, "spectrum", 0);

    private final TileOps ops;
    private final SourceTensor reference;
    private final SourceTensor version;
    private final long columns;
    private final int blocks;
    private final int width;

    private SpectrumEstimate(
            SourceTensor reference, SourceTensor version, long columns, TileOps ops) {
        this.ops = ops;
        this.reference = reference;
        this.version = version;
        this.columns = columns;
        this.width = (int) Math.min(columns, MOST_COLUMNS);
        this.blocks = (width + TileOps.TILE - 1) / TileOps.TILE;
    }

    /// The spectrum of a version's change from the reference; empty if nothing changed in the
    /// sampled rows or they are not all finite.
    ///
    /// @param rows the number of rows of both
    static Optional<Spectrum> of(
            SourceTensor reference, SourceTensor version, long rows, TileOps ops) {
        long columns = reference.elements() / rows;
        SpectrumEstimate estimate = new SpectrumEstimate(reference, version, columns, ops);
        return rows <= FEW_ROWS ? estimate.ofAll((int) rows) : estimate.ofSample(rows);
    }

    private Optional<Spectrum> ofAll(int rows) {
        float[][][] matrix = rows(0, 1, rows);
        double[] gram = gram(matrix);
        double total = trace(gram, rows);
        return spectrum(gram, rows, total, rows);
    }

    private Optional<Spectrum> ofSample(long rows) {
        int half = (int) Math.min(ROWS, rows / 2);
        double step = (double) rows / (2 * half);
        float[][][] found = rows(0, 2 * step, half);
        int count = Math.min(DIRECTIONS + OVERSAMPLING, Math.min(half, width));
        Optional<float[][][]> start = orthonormal(combined(signs(count, half), found));
        Optional<float[][][]> directions =
                start.flatMap(s -> orthonormal(combined(products(s, found), found)));
        if (directions.isEmpty()) {
            return Optional.empty();
        }
        float[][][] measured = rows(step, 2 * step, half);
        double[][] within = products(directions.get(), measured);
        double total = 0;
        for (float[][] row : measured) {
            total += dot(row, row);
        }
        int n = within.length;
        double[] gram = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int row = 0; row < half; row++) {
                    gram[i * n + j] += within[i][row] * within[j][row];
                }
            }
        }
        return spectrum(gram, n, total, 2L * half);
    }

    private static Optional<Spectrum> spectrum(double[] gram, int n, double total, long rows) {
        if (!(total > 0) || !Double.isFinite(total)) {
            return Optional.empty();
        }
        double[] squares = SymmetricEigen.of(gram, n).values();
        List<Double> energy = new ArrayList<>();
        double sum = 0;
        for (int k = 0; k < DIRECTIONS && k < n; k++) {
            sum += Math.max(0, squares[k]);
            energy.add(Math.min(1, sum / total));
        }
        return squares[0] > 0
                ? Optional.of(new Spectrum(rows, total / squares[0], energy))
                : Optional.empty();
    }

    // Rows of the change, in blocks of a tile, starting at `first` and `step` apart.
    private float[][][] rows(double first, double step, int count) {
        float[][][] rows = new float[count][blocks][TileOps.TILE];
        float[] base = new float[TileOps.TILE];
        for (int i = 0; i < count; i++) {
            long row = (long) (first + i * step);
            for (int block = 0; block < blocks; block++) {
                long from = row * columns + (long) block * TileOps.TILE;
                int n = length(block);
                reference.read(from, n, base);
                version.readDifference(from, n, base, rows[i][block]);
            }
        }
        return rows;
    }

    private int length(int block) {
        return Math.min(TileOps.TILE, width - block * TileOps.TILE);
    }

    private double dot(float[][] a, float[][] b) {
        double[] lanes = new double[TileOps.LANES];
        for (int block = 0; block < blocks; block++) {
            ops.dot(a[block], b[block], length(block), lanes);
        }
        return Lanes.total(lanes);
    }

    // The products of each vector with each row.
    private double[][] products(float[][][] vectors, float[][][] rows) {
        double[][] products = new double[vectors.length][rows.length];
        for (int i = 0; i < vectors.length; i++) {
            for (int row = 0; row < rows.length; row++) {
                products[i][row] = dot(vectors[i], rows[row]);
            }
        }
        return products;
    }

    // Linear combinations of rows.
    private float[][][] combined(double[][] coefficients, float[][][] rows) {
        float[][][] sums = new float[coefficients.length][blocks][TileOps.TILE];
        for (int i = 0; i < sums.length; i++) {
            // The scale is arbitrary, since only the direction matters.
            double most = Arrays.stream(coefficients[i]).map(Math::abs).max().orElse(0);
            for (int row = 0; row < rows.length && most > 0; row++) {
                float factor = (float) (coefficients[i][row] / most);
                for (int block = 0; block < blocks; block++) {
                    ops.addScaled(sums[i][block], rows[row][block], factor, length(block));
                }
            }
        }
        return sums;
    }

    private static double[][] signs(int count, int rows) {
        double[][] signs = new double[count][rows];
        for (int i = 0; i < count; i++) {
            for (int row = 0; row < rows; row++) {
                signs[i][row] = CounterRandom.bits(KEY, (long) i * rows + row) < 0 ? -1 : 1;
            }
        }
        return signs;
    }

    // An orthonormal basis of the span; vectors that add nothing are dropped.
    private Optional<float[][][]> orthonormal(float[][][] vectors) {
        List<float[][]> kept = new ArrayList<>();
        for (float[][] vector : vectors) {
            double before = dot(vector, vector);
            for (int round = 0; round < 2; round++) {
                for (float[][] other : kept) {
                    float share = (float) dot(vector, other);
                    for (int block = 0; block < blocks; block++) {
                        ops.addScaled(vector[block], other[block], -share, length(block));
                    }
                }
            }
            double square = dot(vector, vector);
            if (Double.isFinite(square) && square > 0 && square > 1e-10 * before) {
                float factor = (float) (1 / Math.sqrt(square));
                for (int block = 0; block < blocks; block++) {
                    ops.scale(vector[block], factor, vector[block], length(block));
                }
                kept.add(vector);
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.toArray(float[][][]::new));
    }

    private double[] gram(float[][][] rows) {
        int n = rows.length;
        double[] gram = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i * n + j] = dot(rows[i], rows[j]);
                gram[j * n + i] = gram[i * n + j];
            }
        }
        return gram;
    }

    private static double trace(double[] gram, int n) {
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += gram[i * n + i];
        }
        return trace;
    }
}
