package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// The sums over a tensor's elements. A block of threads adds up each segment, and the host adds up
/// the segments, always in the same order.
final class DeviceSums {
    /// Number of sums that `masked_sums` computes for a segment and source.
    private static final int MASKED = 3;

    /// Number of sums that `tilted_sums` computes for a row.
    private static final int TILTED = 3;

    private final ChunkPasses passes;
    private final ChunkMeasures measures;
    private final int count;
    private final int base;
    private final Supplier<DeviceStream> streams;

    DeviceSums(
            ChunkPasses passes, ChunkMeasures measures, int count, Supplier<DeviceStream> streams) {
        this.passes = passes;
        this.measures = measures;
        this.count = count;
        this.base = measures.base();
        this.streams = streams;
    }

    /// The number of sources.
    int count() {
        return count;
    }

    /// The pairs of sources that need dot products: all pairs, without the base if differences from
    /// it are used.
    ///
    /// @param first index of each pair; `second` is not greater
    record Pairs(int[] first, int[] second) {
        static Pairs of(int count, int base) {
            int vectors = base == Primitives.NO_BASE ? count : count - 1;
            int[] first = new int[vectors * (vectors + 1) / 2];
            int[] second = new int[first.length];
            int p = 0;
            for (int i = 0; i < count; i++) {
                for (int j = 0; j <= i; j++) {
                    if (i != base && j != base) {
                        first[p] = i;
                        second[p++] = j;
                    }
                }
            }
            return new Pairs(first, second);
        }

        int count() {
            return first.length;
        }

        long upload(DeviceStream stream) {
            int[] both = new int[2 * count()];
            for (int p = 0; p < count(); p++) {
                both[2 * p] = first[p];
                both[2 * p + 1] = second[p];
            }
            return stream.uploaded(MemorySegment.ofArray(both));
        }

        /// The symmetric matrix of the products that begin at `at`, `step` apart.
        double[][] matrix(double[] products, int at, int step, int sources) {
            double[][] matrix = new double[sources][sources];
            for (int p = 0; p < count(); p++) {
                double product = products[at + p * step];
                matrix[first[p]][second[p]] = product;
                matrix[second[p]][first[p]] = product;
            }
            return matrix;
        }
    }

    /// Dot products of the sources, or of their differences from `from`.
    double[][] gram(int from) {
        Pairs pairs = Pairs.of(count, from);
        long bytes = (long) pairs.count() * Double.BYTES;
        List<double[]> parts =
                passes.run(
                        Workspace.ofSegment(bytes).plus(Workspace.fixed(bytes)),
                        chunk ->
                                products(
                                        chunk,
                                        from,
                                        pairs,
                                        chunk.segments(),
                                        chunk.segmentCount()));
        double[] totals = new double[pairs.count()];
        for (double[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                totals[i % totals.length] += part[i];
            }
        }
        return pairs.matrix(totals, 0, 1, count);
    }

    /// The dot products of a chunk's pieces, by piece and pair.
    double[] products(DeviceChunk chunk, int from, Pairs pairs, long pieces, int pieceCount) {
        int length = Math.multiplyExact(pieceCount, pairs.count());
        long products = chunk.stream().allocate((long) length * Double.BYTES);
        chunk.stream()
                .launchBlocks(
                        "dot_products",
                        pieceCount,
                        pairs.count(),
                        chunk.upload(chunk.operands()),
                        from,
                        pairs.upload(chunk.stream()),
                        pieces,
                        products);
        return chunk.doubles(products, length);
    }

    /// [Primitives#absoluteSums].
    double[][] absolute(Mask[] masks) {
        double[][] sums = masked(masks);
        double[][] absolute = new double[count][];
        for (int i = 0; i < count; i++) {
            absolute[i] = new double[] {sums[i][0], sums[i][1]};
        }
        return absolute;
    }

    /// [Primitives#squareSums].
    double[] squares(Mask[] masks) {
        double[][] sums = masked(masks);
        double[] squares = new double[count];
        for (int i = 0; i < count; i++) {
            squares[i] = sums[i][2];
        }
        return squares;
    }

    private double[][] masked(Mask[] masks) {
        long bytes = (long) count * MASKED * Double.BYTES;
        Workspace workspace = ChunkMasks.workspace(masks, passes.segments(), streams.get().gpu());
        List<double[]> parts =
                passes.run(
                        workspace.plus(Workspace.ofSegment(bytes)),
                        chunk -> maskedSums(chunk, masks));
        double[][] sums = new double[count][MASKED];
        for (double[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                sums[i / MASKED % count][i % MASKED] += part[i];
            }
        }
        return sums;
    }

    private double[] maskedSums(DeviceChunk chunk, Mask[] masks) {
        Operands operands = chunk.operands();
        ChunkMasks chunkMasks = new ChunkMasks(chunk, measures, passes.segments());
        for (int i = 0; i < count; i++) {
            if (i != base) {
                chunkMasks.apply(masks[i], i, operands);
            }
        }
        int length = Math.multiplyExact(chunk.segmentCount(), count * MASKED);
        long sums = chunk.stream().allocate((long) length * Double.BYTES);
        chunk.stream()
                .launchBlocks(
                        "masked_sums",
                        chunk.segmentCount(),
                        count,
                        chunk.upload(operands),
                        base,
                        chunk.segments(),
                        sums);
        return chunk.doubles(sums, length);
    }

    /// [Primitives#contributions].
    long[][] contributions(double epsilon) {
        List<int[]> parts =
                passes.run(
                        Workspace.ofSegment(2L * count * Integer.BYTES),
                        chunk -> {
                            int length = Math.multiplyExact(chunk.segmentCount(), 2 * count);
                            long counts = chunk.stream().allocate((long) length * Integer.BYTES);
                            chunk.stream()
                                    .launchBlocks(
                                            "count_contributions",
                                            chunk.segmentCount(),
                                            count,
                                            chunk.upload(chunk.operands()),
                                            count,
                                            base,
                                            (float) epsilon,
                                            chunk.segments(),
                                            counts);
                            return chunk.ints(counts, length);
                        });
        long[][] counts = new long[count][2];
        for (int[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                int source = i / 2 % count;
                counts[source][i % 2] += source == base ? 0 : part[i];
            }
        }
        return counts;
    }

    /// The divergence of each row of the only other source from the base's row.
    float[] divergences() {
        Segments segments = passes.segments();
        float[] divergences = new float[Math.toIntExact(segments.rows().count())];
        // The softmax of a single element is always 1, but sums would show rounding errors.
        if (segments.rowLength() == 1) {
            return divergences;
        }
        passes.run(
                Workspace.ofRow(TILTED * Double.BYTES),
                chunk -> {
                    int rows = chunk.rowCount();
                    int first = Math.toIntExact(chunk.firstRow());
                    double[] sums = tiltedSums(chunk, rows);
                    for (int row = 0; row < rows; row++) {
                        divergences[first + row] =
                                (float)
                                        Importance.divergence(
                                                sums[TILTED * row],
                                                sums[TILTED * row + 1],
                                                sums[TILTED * row + 2]);
                    }
                    return rows;
                });
        return divergences;
    }

    private double[] tiltedSums(DeviceChunk chunk, int rows) {
        long sums = chunk.stream().allocate((long) TILTED * rows * Double.BYTES);
        chunk.stream()
                .launchBlocks(
                        "tilted_sums",
                        rows,
                        1,
                        chunk.upload(chunk.operands()),
                        base,
                        chunk.rows(),
                        sums);
        return chunk.doubles(sums, TILTED * rows);
    }
}
