package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.NearSwap;
import jmergekit.primitive.Combination.ReplaceAtLeast;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;

/// The writing pass.
final class DeviceCombination {
    private final ChunkPasses passes;
    private final ChunkMeasures measures;
    private final DeviceSums sums;
    private final OutputTensor output;

    /// Maximum bytes of the sums over columns. Independent of the device's memory, since results
    /// must not depend on that.
    private static final long COLUMNS_BYTES = 64L << 20;

    private final Supplier<DeviceStream> streams;
    private final int base;
    private final int type;

    DeviceCombination(
            ChunkPasses passes,
            ChunkMeasures measures,
            DeviceSums sums,
            OutputTensor output,
            Supplier<DeviceStream> streams) {
        this.passes = passes;
        this.measures = measures;
        this.sums = sums;
        this.output = output;
        this.streams = streams;
        this.base = measures.base();
        this.type = ElementType.of(output.spec().dtype());
    }

    /// Starts the kernels that compute a chunk of the output.
    private interface Maker {
        void make(DeviceChunk chunk, long into);
    }

    void run(Combination combination) {
        switch (combination) {
            case WeightedSum sum -> weightedSum(sum.coefficients());
            case TaskVectorSum sum -> taskVectorSum(sum);
            case VectorSums vectors -> vectorSums(vectors);
            case NearSwap swap ->
                    write(
                            Workspace.NONE,
                            (chunk, into) ->
                                    chunk.stream()
                                            .launch(
                                                    "near_swap",
                                                    chunk.n(),
                                                    chunk.upload(chunk.operands()),
                                                    base,
                                                    (float) swap.t(),
                                                    into,
                                                    type,
                                                    chunk.n()));
            case ContributionMean mean -> contributionMean(mean);
            case ReplaceAtLeast replacement -> replaceAtLeast(replacement);
            case Combination.Scaled _ -> throw new IllegalArgumentException("not a kernel: scaled");
            case Combination.OnHost without ->
                    throw new IllegalArgumentException("no kernel for " + without.title());
        }
    }

    private void write(Workspace workspace, Maker maker) {
        passes.run(
                workspace,
                chunk -> {
                    long into = chunk.allocateOutput(output);
                    maker.make(chunk, into);
                    chunk.write(into, output);
                    return chunk.n();
                });
    }

    private void weightedSum(double[] coefficients) {
        write(
                Workspace.NONE,
                (chunk, into) -> {
                    Operands operands = chunk.operands();
                    for (int i = 0; i < coefficients.length; i++) {
                        operands.factors(i, (float) coefficients[i], 1);
                    }
                    chunk.stream()
                            .launch(
                                    "weighted_sum",
                                    chunk.n(),
                                    chunk.upload(operands),
                                    coefficients.length,
                                    into,
                                    type,
                                    chunk.n());
                });
    }

    private void taskVectorSum(TaskVectorSum sum) {
        Workspace workspace =
                ChunkMasks.workspace(sum.masks(), passes.segments(), streams.get().gpu());
        write(workspace, (chunk, into) -> taskVectorSum(sum, chunk, into));
    }

    private void taskVectorSum(TaskVectorSum sum, DeviceChunk chunk, long into) {
        int count = sum.weights().length;
        Operands operands = chunk.operands();
        ChunkMasks masks = new ChunkMasks(chunk, measures, passes.segments());
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            if (i != base) {
                double weight = sum.weights()[i];
                double scale = sum.scales()[i];
                weights[i] = (float) weight;
                switch (sum.election()) {
                    case NONE, WEIGHTED -> operands.factors(i, (float) (weight * scale), 1);
                    case UNWEIGHTED -> operands.factors(i, (float) scale, weights[i]);
                }
                masks.apply(sum.masks()[i], i, operands);
            }
        }
        DeviceStream stream = chunk.stream();
        long sources = chunk.upload(operands);
        float factor = sum.factor(base);
        long from = chunk.from();
        long n = chunk.n();
        if (sum.election() == Election.NONE) {
            stream.launch("add_differences", n, sources, count, base, factor, into, type, from, n);
        } else {
            stream.launch(
                    "add_elected",
                    n,
                    sources,
                    count,
                    base,
                    stream.uploaded(MemorySegment.ofArray(weights)),
                    sum.division() == Division.ELECTED_WEIGHTS ? 1 : 0,
                    factor,
                    into,
                    type,
                    from,
                    n);
        }
    }

    private void contributionMean(ContributionMean mean) {
        write(
                Workspace.NONE,
                (chunk, into) -> {
                    Operands operands = chunk.operands();
                    int count = mean.soleScales().length;
                    for (int i = 0; i < count; i++) {
                        operands.factors(i, (float) mean.soleScales()[i], 1);
                    }
                    chunk.stream()
                            .launch(
                                    "contribution_mean",
                                    chunk.n(),
                                    chunk.upload(operands),
                                    count,
                                    base,
                                    (float) mean.epsilon(),
                                    into,
                                    type,
                                    chunk.n());
                });
    }

    private void replaceAtLeast(ReplaceAtLeast replacement) {
        write(
                Workspace.ofRow(Float.BYTES),
                (chunk, into) ->
                        chunk.stream()
                                .launch(
                                        "take_over",
                                        chunk.n(),
                                        chunk.upload(chunk.operands()),
                                        base,
                                        ChunkMeasures.rows(replacement.importance(), chunk),
                                        passes.segments().rowLength(),
                                        replacement.threshold(),
                                        into,
                                        type,
                                        chunk.n()));
    }

    // ---- Weighted sums with coefficients for each vector ----

    /// Whether a device can hold the required data at once: whole rows, or the sums of all columns.
    boolean fits(VectorSums vectors) {
        return switch (vectors.vectors().in(shape())) {
            case WHOLE -> true;
            case ALONG_LAST -> passes.segments().areWholeRows();
            case ALONG_FIRST -> workspaceOfColumns(vectors).fixed() < COLUMNS_BYTES;
        };
    }

    private Shape shape() {
        return output.spec().shape();
    }

    private int from(VectorSums vectors) {
        return vectors.differences() ? base : Primitives.NO_BASE;
    }

    private DeviceSums.Pairs pairs(VectorSums vectors) {
        return DeviceSums.Pairs.of(sums.count(), from(vectors));
    }

    private void vectorSums(VectorSums vectors) {
        switch (vectors.vectors().in(shape())) {
            case WHOLE -> run(vectors.whole(vectors.rule().coefficients(sums.gram(from(vectors)))));
            case ALONG_LAST -> rowSums(vectors);
            case ALONG_FIRST -> columnSums(vectors);
        }
    }

    private void rowSums(VectorSums vectors) {
        DeviceSums.Pairs pairs = pairs(vectors);
        long ofRow = (long) pairs.count() * Double.BYTES + (long) sums.count() * Float.BYTES;
        write(
                Workspace.ofRow(ofRow).plus(Workspace.fixed(2L * pairs.count() * Double.BYTES)),
                (chunk, into) -> {
                    int rows = chunk.rowCount();
                    double[] products =
                            sums.products(chunk, from(vectors), pairs, chunk.rows(), rows);
                    float[] coefficients = new float[rows * sums.count()];
                    for (int row = 0; row < rows; row++) {
                        double[][] gram =
                                pairs.matrix(products, row * pairs.count(), 1, sums.count());
                        put(vectors.rule().coefficients(gram), coefficients, row, rows);
                    }
                    vectorSum(vectors, chunk, coefficients, rows, false, into);
                });
    }

    private static void put(double[] ofVector, float[] coefficients, int vector, int vectors) {
        for (int s = 0; s < ofVector.length; s++) {
            coefficients[s * vectors + vector] = (float) ofVector[s];
        }
    }

    private void vectorSum(
            VectorSums vectors,
            DeviceChunk chunk,
            float[] coefficients,
            int count,
            boolean alongColumns,
            long into) {
        chunk.stream()
                .launch(
                        "vector_sum",
                        chunk.n(),
                        chunk.upload(chunk.operands()),
                        sums.count(),
                        from(vectors),
                        chunk.stream().uploaded(MemorySegment.ofArray(coefficients)),
                        (long) count,
                        columnLength(alongColumns),
                        alongColumns ? 1 : 0,
                        into,
                        type,
                        chunk.n());
    }

    private long columns() {
        return shape().elements() / shape().size(0);
    }

    private long columnLength(boolean alongColumns) {
        return alongColumns ? columns() : passes.segments().rowLength();
    }

    private Workspace workspaceOfColumns(VectorSums vectors) {
        int pairs = pairs(vectors).count();
        long ofColumn = (long) pairs * Double.BYTES + (long) sums.count() * Float.BYTES;
        return Workspace.fixed(columns() * ofColumn + 2L * pairs * Double.BYTES);
    }

    private void columnSums(VectorSums vectors) {
        DeviceSums.Pairs pairs = pairs(vectors);
        int columns = Math.toIntExact(columns());
        double[] products = columnProducts(vectors, pairs, columns);
        float[] coefficients = new float[columns * sums.count()];
        for (int column = 0; column < columns; column++) {
            double[][] gram = pairs.matrix(products, column, columns, sums.count());
            put(vectors.rule().coefficients(gram), coefficients, column, columns);
        }
        write(
                workspaceOfColumns(vectors),
                (chunk, into) -> vectorSum(vectors, chunk, coefficients, columns, true, into));
    }

    // By pair and column. The chunks add to them sequentially, in the order of a column's elements.
    private double[] columnProducts(VectorSums vectors, DeviceSums.Pairs pairs, int columns) {
        double[][] products = {new double[Math.multiplyExact(pairs.count(), columns)]};
        List<Integer> chunks =
                passes.runInOrder(
                        workspaceOfColumns(vectors),
                        chunk -> {
                            DeviceStream stream = chunk.stream();
                            long at = stream.uploaded(MemorySegment.ofArray(products[0]));
                            stream.launchRows(
                                    "column_products",
                                    columns,
                                    pairs.count(),
                                    chunk.upload(chunk.operands()),
                                    from(vectors),
                                    pairs.upload(stream),
                                    (long) columns,
                                    at,
                                    chunk.n());
                            products[0] = chunk.doubles(at, products[0].length);
                            return 0;
                        });
        if (chunks.isEmpty()) {
            throw new IllegalStateException("a tensor without elements");
        }
        return products[0];
    }
}
