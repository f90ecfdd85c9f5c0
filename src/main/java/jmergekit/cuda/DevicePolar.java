package jmergekit.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jmergekit.cuda.DeviceMatrices.Added;
import jmergekit.cuda.DeviceMatrices.Place;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;

/// [Primitives#polar] by products of float64 matrices alone.
///
/// 1. The Gram matrix on the short side, and its largest eigenvalue: the norm of its 64th power is
///    an upper bound that is right to within `n^(1/128)`.
/// 2. The projector on the directions above the cut. Quadratic polynomials raise the eigenvalues
///    until the cut, the square of the one for singular values, is near the middle; then an
///    iteration moves those below to 0 and those above to 1.
/// 3. The projected matrix, whose singular values above the cut the same iteration moves to 1. The
///    projection keeps it from raising the rounding errors in the other directions.
///
/// The number of steps depends on the cut alone. With a cut of 1e-5 there are 81 products, most of them
/// of symmetric matrices, at half the cost.
final class DevicePolar {
    /// Squarings of the Gram matrix.
    private static final int SQUARINGS = 6;

    /// Singular values above the cut times this are kept. Those in between are kept in part.
    private static final double GAP = 1.1;

    /// [#lift] ends when the cut is at least here.
    private static final double MIDDLE = 0.25;

    private final DeviceMatrices matrices;
    private final double cut;
    private Place matrix;
    private Place spare;
    private Place square;
    private Place squareSpare;
    private final Place squareThird;

    private DevicePolar(DeviceStream stream, long rows, long columns, double cut) {
        this.matrices = new DeviceMatrices(stream);
        this.cut = cut;
        this.matrix = matrices.allocate(rows, columns);
        this.spare = matrices.allocate(rows, columns);
        this.square = matrices.allocate(rows, rows);
        this.squareSpare = matrices.allocate(rows, rows);
        this.squareThird = matrices.allocate(rows, rows);
    }

    /// Bytes of device memory for a matrix of this size.
    static long bytes(long rows, long columns) {
        long shorter = Math.min(rows, columns);
        return 2 * Place.bytes(rows, columns) + 3 * Place.bytes(shorter, shorter);
    }

    /// The polar factor, or empty if the device lacks the memory.
    static Optional<Matrix> of(Matrix matrix, double cut, DeviceStream stream) {
        if (!(cut >= Primitives.LEAST_CUT && cut <= Primitives.MOST_CUT)) {
            throw new IllegalArgumentException("cut " + cut);
        }
        if (matrix.values().length == 0) {
            return Optional.of(matrix);
        }
        long bytes = bytes(matrix.rows(), matrix.columns());
        Gpu gpu = stream.gpu();
        if (bytes <= stream.limit()) {
            Optional<Matrix> factor = gpu.share(() -> tryToCompute(matrix, cut, stream));
            if (factor.isPresent()) {
                return factor;
            }
        }
        if (bytes > gpu.memory(1)) {
            return Optional.empty();
        }
        return gpu.alone(() -> {
            try {
                return tryToCompute(matrix, cut, stream);
            } finally {
                stream.releaseMemory();
            }
        });
    }

    private static Optional<Matrix> tryToCompute(Matrix matrix, double cut, DeviceStream stream) {
        stream.setLoaded(null);
        try {
            stream.reserve(bytes(matrix.rows(), matrix.columns()));
        } catch (CudaException e) {
            if (e.isOutOfMemory()) {
                return Optional.empty();
            }
            throw e;
        }
        stream.release(0);
        long shorter = Math.min(matrix.rows(), matrix.columns());
        long longer = Math.max(matrix.rows(), matrix.columns());
        return Optional.of(new DevicePolar(stream, shorter, longer, cut).of(matrix));
    }

    private Matrix of(Matrix source) {
        float[] values = new float[source.values().length];
        Matrix factor = new Matrix(values, source.rows(), source.columns());
        matrices.upload(source, spare, matrix);
        matrices.gram(matrix, square);
        double norm = matrices.norm(square, spare);
        if (norm == 0) {
            return factor;
        }
        if (!Double.isFinite(norm)) {
            Arrays.fill(values, Float.NaN);
            return factor;
        }
        double largest = largestEigenvalue(norm);
        project(largest, lift(largest));
        for (SignSteps.Step step : SignSteps.from(cut)) {
            matrices.gram(matrix, square);
            matrices.product(square, matrix, -step.third(), Added.of(matrix, step.first()), spare);
            swap();
        }
        matrices.download(matrix, spare, factor);
        return factor;
    }

    private double largestEigenvalue(double norm) {
        double largest = norm;
        double power = 1;
        double last = norm;
        Place from = square;
        List<Place> others = List.of(squareSpare, squareThird);
        for (int i = 0; i < SQUARINGS; i++) {
            Place to = others.get(i % 2);
            matrices.commuting(from, from, 1 / last / last, Added.NOTHING, to);
            power *= 2;
            last = matrices.norm(to, spare);
            largest *= Math.pow(last, 1 / power);
            from = to;
        }
        return largest;
    }

    /// Where the eigenvalues are that [#lift] has raised: at most `low`, or between `high` and 1.
    private record Gap(double low, double high) {
        double middle() {
            return (low + high) / 2;
        }

        double half() {
            return (high - low) / 2;
        }

        Gap raised() {
            return new Gap(raised(low), raised(high));
        }

        private static double raised(double x) {
            return 3 * x - 2.25 * x * x;
        }
    }

    /// Raises the eigenvalues of `square`, divided by `largest`, by `3 x - 2.25 x²`. A factor of 4
    /// would be the most that keeps them between 0 and 1, but the largest would become the smallest,
    /// and rounding errors would mix its direction with the others.
    private Gap lift(double largest) {
        Gap gap = new Gap(cut * cut, cut * cut * GAP * GAP);
        double scale = 1 / largest;
        do {
            Added linear = Added.of(square, 3 * scale);
            matrices.commuting(square, square, -2.25 * scale * scale, linear, squareSpare);
            Place raised = squareSpare;
            squareSpare = square;
            square = raised;
            scale = 1;
            gap = gap.raised();
        } while (gap.low() < MIDDLE);
        return gap;
    }

    /// Multiplies the matrix by the projector `(I + sign(square - middle)) / 2`, and divides it by
    /// its largest singular value.
    private void project(double largest, Gap gap) {
        Place sign = squareSpare;
        Place other = square;
        double range = Math.max(gap.middle(), 1 - gap.middle());
        matrices.shifted(square, 1 / range, -gap.middle() / range, sign);
        for (SignSteps.Step step : SignSteps.from(gap.half() / range)) {
            matrices.commuting(
                    sign, sign, -step.third(), Added.identity(step.first()), squareThird);
            matrices.commuting(squareThird, sign, 1, Added.NOTHING, other);
            Place next = other;
            other = sign;
            sign = next;
        }
        double half = 0.5 / Math.sqrt(largest);
        matrices.product(sign, matrix, half, Added.of(matrix, half), spare);
        swap();
    }

    private void swap() {
        Place last = matrix;
        matrix = spare;
        spare = last;
    }
}
