package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import jmergekit.primitive.Matrix;

/// Products of float64 matrices in a stream's memory.
final class DeviceMatrices {
    /// Rows and columns of the part of a product that a block of threads computes: `TILE` in
    /// `kernels.cu`.
    private static final int TILE = 128;

    private final DeviceStream stream;

    DeviceMatrices(DeviceStream stream) {
        this.stream = stream;
    }

    /// A matrix on the device, by its address.
    record Place(long at, long rows, long columns) {
        static long bytes(long rows, long columns) {
            return DeviceStream.aligned(rows * columns * Double.BYTES);
        }

        long elements() {
            return rows * columns;
        }
    }

    /// What is added to a product: `factor * matrix + diagonal * I`.
    ///
    /// @param matrix its address, or 0 if there is none
    record Added(long matrix, double factor, double diagonal) {
        static final Added NOTHING = new Added(0, 0, 0);

        static Added of(Place matrix, double factor) {
            return new Added(matrix.at, factor, 0);
        }

        static Added identity(double factor) {
            return new Added(0, 0, factor);
        }
    }

    Place allocate(long rows, long columns) {
        return new Place(stream.allocate(rows * columns * Double.BYTES), rows, columns);
    }

    /// `out <- factor * a b + added`. `out` is another matrix than the others.
    void product(Place a, Place b, double factor, Added added, Place out) {
        launch("product", a, b, a.columns, factor, added, out, false);
    }

    /// The same for symmetric matrices with the same eigenvectors, whose product is symmetric too.
    void commuting(Place a, Place b, double factor, Added added, Place out) {
        launch("product", a, b, a.columns, factor, added, out, true);
    }

    /// `out <- a aᵀ`.
    void gram(Place a, Place out) {
        launch("product_transposed", a, a, a.columns, 1, Added.NOTHING, out, true);
    }

    /// `out <- factor * matrix + diagonal * I`: nothing is added to an empty product.
    void shifted(Place matrix, double factor, double diagonal, Place out) {
        Added added = new Added(matrix.at, factor, diagonal);
        launch("product", matrix, matrix, 0, 0, added, out, false);
    }

    private void launch(
            String kernel,
            Place a,
            Place b,
            long inner,
            double factor,
            Added added,
            Place out,
            boolean isSymmetric) {
        stream.launchBlocks(
                kernel,
                Math.ceilDiv(out.columns, (long) TILE),
                Math.toIntExact(Math.ceilDiv(out.rows, (long) TILE)),
                a.at,
                b.at,
                added.matrix,
                out.at,
                out.rows,
                out.columns,
                inner,
                factor,
                added.factor,
                added.diagonal,
                isSymmetric ? 1 : 0);
    }

    /// The square root of the sum of all squares, added up by rows.
    ///
    /// @param scratch at least as many elements as the matrix has rows
    double norm(Place matrix, Place scratch) {
        stream.launchBlocks("row_squares", matrix.rows, 1, matrix.at, matrix.columns, scratch.at);
        double[] rows = new double[Math.toIntExact(matrix.rows)];
        stream.download(scratch.at, MemorySegment.ofArray(rows));
        double sum = 0;
        for (double row : rows) {
            sum += row;
        }
        return Math.sqrt(sum);
    }

    /// Copies a matrix to the device, or its transpose if `into` has as many rows as it has columns.
    ///
    /// @param scratch as large as `into`; its content is lost
    void upload(Matrix matrix, Place scratch, Place into) {
        stream.upload(scratch.at, MemorySegment.ofArray(matrix.values()));
        stream.launch(
                "widen_matrix",
                into.elements(),
                scratch.at,
                into.at,
                into.rows,
                into.columns,
                isTransposed(matrix, into));
    }

    /// Copies back a matrix that [#upload] may have transposed.
    void download(Place from, Place scratch, Matrix into) {
        stream.launch(
                "narrow_matrix",
                from.elements(),
                from.at,
                scratch.at,
                from.rows,
                from.columns,
                isTransposed(into, from));
        stream.download(scratch.at, MemorySegment.ofArray(into.values()));
    }

    private static int isTransposed(Matrix matrix, Place place) {
        return matrix.rows() == place.rows ? 0 : 1;
    }
}
