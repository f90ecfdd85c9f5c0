package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import jmergekit.tile.CounterRandom;

/// The largest singular triplets of a matrix by randomised subspace iteration: a random panel is
/// multiplied by the matrix and its transpose until its span captures nearly as much of the matrix
/// as the best subspace.
///
/// Sources: Halko, Martinsson and Tropp (2011), <https://arxiv.org/abs/0909.4061>, for the method;
/// Zhou and Saad (2007), <https://doi.org/10.1137/050630404>, for the Chebyshev polynomial that
/// replaces plain powers: on flat spectra, which converge slowly, it needs a third of the products.
final class SubspaceIteration {
    /// Columns of the panel in addition to the rank.
    private static final int OVERSAMPLING = 16;

    /// Matrices with a short side up to this are factorised exactly.
    private static final int SMALL = 64;

    /// Singular values whose square is this many times the smallest one's would dominate the
    /// polynomial. A plain product is enough for them to converge.
    private static final double DOMINANT = 12;

    /// Iteration ends when the estimated squared error exceeds the best one by at most this
    /// fraction: half of the allowance for an error within 0.1 %.
    private static final double TOLERANCE = 1e-3;

    /// A gain below this fraction of the captured part is lost in float32 rounding.
    private static final double ROUNDING = 1e-8;

    private static final int MOST_ROUNDS = 60;

    private final BlockedMatrix matrix;
    private final NDManager manager;
    private final int rank;
    private final long key;

    /// @param manager owns the result
    /// @param rank number of triplets that must be accurate
    /// @param key of the random start
    SubspaceIteration(BlockedMatrix matrix, NDManager manager, int rank, long key) {
        this.matrix = matrix;
        this.manager = manager;
        this.rank = rank;
        this.key = key;
    }

    /// The triplets; those beyond the rank are rough unless they are complete.
    ///
    /// @param converged whether they are accurate enough, by estimate
    /// @param complete whether these are all triplets of the matrix
    record Outcome(RitzBasis basis, boolean converged, boolean complete) {}

    Outcome run() {
        long shortSide = Math.min(matrix.rows(), matrix.columns());
        long width = (long) rank + OVERSAMPLING;
        return shortSide <= SMALL || 2 * width >= shortSide
                ? new Outcome(exact(), true, true)
                : iterate((int) width);
    }

    private RitzBasis exact() {
        try (NDManager step = manager.newSubManager()) {
            NDArray dense = matrix.dense(step);
            boolean tall = matrix.rows() >= matrix.columns();
            NDArray panel = tall ? dense : dense.transpose();
            NDArray identity =
                    step.eye((int) panel.getShape().get(1)).toType(panel.getDataType(), true);
            RitzBasis basis = RitzBasis.of(panel, identity);
            return kept(tall ? basis : transposed(basis));
        }
    }

    /// The triplets of the transposed matrix.
    private static RitzBasis transposed(RitzBasis basis) {
        try (NDArray singularValues = singularValues(basis)) {
            return new RitzBasis(
                    basis.right().mul(singularValues),
                    basis.left().div(singularValues),
                    basis.squares());
        }
    }

    private static NDArray singularValues(RitzBasis basis) {
        try (NDArray squares = basis.left().getManager().create(basis.squares())) {
            return squares.sqrt();
        }
    }

    private Outcome iterate(int width) {
        Convergence convergence = new Convergence(matrix.squaredNorm(), TOLERANCE, ROUNDING);
        NDManager round = manager.newSubManager();
        try {
            NDArray panel = start(width, round);
            for (int i = 1; ; i++) {
                RitzBasis basis = RitzBasis.of(matrix.times(panel, round), panel);
                boolean converged = convergence.reached(basis.captured(rank));
                if (converged || i == MOST_ROUNDS) {
                    return new Outcome(kept(basis), converged, false);
                }
                NDArray next = improved(basis, width, round);
                NDManager nextRound = manager.newSubManager();
                next.attach(nextRound);
                round.close();
                round = nextRound;
                panel = next;
            }
        } finally {
            round.close();
        }
    }

    private NDArray start(int width, NDManager owner) {
        int columns = Math.toIntExact(matrix.columns());
        double[] signs = new double[Math.multiplyExact(columns, width)];
        Arrays.setAll(signs, i -> CounterRandom.bits(key, i) < 0 ? -1 : 1);
        try (NDArray random = owner.create(signs, new Shape(columns, width))) {
            return Panels.orthonormal(random);
        }
    }

    /// An orthonormal panel whose span is closer to the span of the largest singular vectors.
    private NDArray improved(RitzBasis basis, int width, NDManager owner) {
        int dominant = dominant(basis, width);
        NDArray product = matrix.transposeTimes(basis.left(), owner);
        if (dominant == basis.size()) {
            return Panels.orthonormal(product);
        }
        NDArray others = Panels.columns(product, dominant, basis.size());
        NDArray filtered = filtered(basis, others, dominant, owner);
        NDArray strong = Panels.columns(product, 0, dominant);
        return Panels.orthonormal(
                dominant == 0 ? filtered : NDArrays.concat(new NDList(strong, filtered), 1));
    }

    /// The number of triplets excluded from the polynomial. All of them if the panel has lost
    /// columns: it then spans the whole matrix, and only rounding errors are left to damp, which
    /// the polynomial would keep.
    private static int dominant(RitzBasis basis, int width) {
        if (basis.size() < width) {
            return basis.size();
        }
        int dominant = 0;
        while (basis.squares()[dominant] > DOMINANT * basis.smallest()) {
            dominant++;
        }
        return dominant;
    }

    /// The triplets' right vectors, without the dominant ones, times the Chebyshev polynomial of
    /// degree 2 of `2/smallest * DᵀD - 1`, where D is the matrix. It stays within ±1 for values
    /// smaller than all of the triplets, and grows above.
    ///
    /// @param product DᵀD times those vectors
    private NDArray filtered(RitzBasis basis, NDArray product, int dominant, NDManager owner) {
        double smallest = basis.smallest();
        NDArray strong = Panels.columns(basis.right(), 0, dominant);
        NDArray zeroth = Panels.columns(basis.right(), dominant, basis.size());
        NDArray first = product.mul(2 / smallest);
        first.subi(zeroth);
        if (dominant > 0) {
            Panels.project(first, strong);
        }
        NDArray second = matrix.transposeTimes(matrix.times(first, owner), owner);
        second.muli(2 / smallest);
        second.subi(first);
        second.muli(2);
        second.subi(zeroth);
        if (dominant > 0) {
            Panels.project(second, strong);
        }
        return second;
    }

    private RitzBasis kept(RitzBasis basis) {
        basis.left().attach(manager);
        basis.right().attach(manager);
        return basis;
    }
}
