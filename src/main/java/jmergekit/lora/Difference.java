package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import jmergekit.linalg.RowSource;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// A fine-tune's weight minus its base's, in float32 regardless of the stored dtypes. For one
/// thread.
final class Difference implements RowSource {
    /// Half a unit in the last place of float32, relative: the possible rounding error of a stored
    /// weight.
    private static final double UNIT = 0x1p-24;

    private final String name;
    private final SourceTensor model;
    private final SourceTensor base;
    private final long rows;
    private final TileOps ops;
    private final float[] difference = new float[TileOps.TILE];
    private final float[] other = new float[TileOps.TILE];
    private double modelSquares;
    private double squares;
    private long rowsSeen;

    /// @param name of the tensor in messages
    /// @param rows number of rows that the elements are divided into
    Difference(String name, SourceTensor model, SourceTensor base, long rows, TileOps ops) {
        this.name = name;
        this.model = model;
        this.base = base;
        this.rows = rows;
        this.ops = ops;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long columns() {
        return model.elements() / rows;
    }

    @Override
    public double read(long first, long count, MemorySegment into) {
        double[] ofDifference = new double[TileOps.LANES];
        double[] ofModel = new double[TileOps.LANES];
        long from = first * columns();
        long elements = count * columns();
        for (long done = 0; done < elements; done += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, elements - done);
            model.read(from + done, n, difference);
            base.read(from + done, n, other);
            if (first >= rowsSeen) {
                ops.dot(difference, difference, n, ofModel);
            }
            ops.subtract(difference, other, difference, n);
            ops.narrow(difference, n, DType.F32, into, done * Float.BYTES);
            ops.dot(difference, difference, n, ofDifference);
        }
        double sum = sum(ofDifference);
        if (first >= rowsSeen) {
            rowsSeen = first + count;
            modelSquares += sum(ofModel);
            squares += sum;
        }
        if (!Double.isFinite(sum)) {
            throw notFinite(name);
        }
        return sum;
    }

    /// @param name of the tensor
    static MergeException notFinite(String name) {
        return new MergeException(
                Problem.input(name, "the difference between the two models is not finite")
                        .hint(
                                "one of them contains NaN or infinity there; exclude the module with --exclude-regex"));
    }

    private static double sum(double[] lanes) {
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    /// Random errors with root mean square `e` have singular values of up to `e (√rows + √columns)`
    /// (Marchenko and Pastur, 1967). The errors of two float32 weights add up to at most `UNIT` of
    /// the weights; products in float32 add at most `2 UNIT` of the difference's norm, a generous
    /// bound.
    @Override
    public double noise() {
        double norm = Math.sqrt(modelSquares);
        double ofStoring = UNIT * norm * (1 / Math.sqrt(rows) + 1 / Math.sqrt(columns()));
        return Math.max(ofStoring, 8 * UNIT * Math.sqrt(squares));
    }
}
