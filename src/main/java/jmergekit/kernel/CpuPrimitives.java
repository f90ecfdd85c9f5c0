package jmergekit.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jmergekit.kernel.Combination.TaskVectorSum;
import jmergekit.kernel.Combination.WeightedSum;

/// The primitives as passes over tiles, for sources that all have the output's number of elements.
public final class CpuPrimitives implements Primitives {
    private static final long COPY_BYTES = 8L << 20;

    private final List<SourceTensor> sources;
    private final int base;
    private final OutputTensor output;
    private final Chunks chunks;
    private final TileOps ops;
    private final Differences differences;

    public CpuPrimitives(
            List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks, TileOps ops) {
        this.sources = List.copyOf(sources);
        this.base = base;
        this.output = output;
        this.chunks = chunks;
        this.ops = ops;
        this.differences = new Differences(this.sources, base, ops);
    }

    @Override
    public int sources() {
        return sources.size();
    }

    @Override
    public int base() {
        return base;
    }

    @Override
    public long elements() {
        return output.spec().shape().elements();
    }

    @Override
    public double[][] gram() {
        int count = sources.size();
        List<double[][]> parts =
                chunks.map(
                        elements(),
                        (chunk, scratch) -> {
                            double[][][] lanes = new double[count][count][TileOps.LANES];
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                addDots(i, tileSize(i, chunk), scratch, lanes);
                            }
                            return totals(lanes);
                        });
        double[][] gram = new double[count][count];
        for (double[][] part : parts) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j <= i; j++) {
                    gram[i][j] += part[i][j];
                    gram[j][i] = gram[i][j];
                }
            }
        }
        return gram;
    }

    private void addDots(long from, int n, Scratch scratch, double[][][] lanes) {
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).read(from, n, scratch.tile(i));
            for (int j = 0; j <= i; j++) {
                ops.dot(scratch.tile(i), scratch.tile(j), n, lanes[i][j]);
            }
        }
    }

    private static double[][] totals(double[][][] lanes) {
        double[][] totals = new double[lanes.length][lanes.length];
        for (int i = 0; i < lanes.length; i++) {
            for (int j = 0; j <= i; j++) {
                totals[i][j] = Lanes.total(lanes[i][j]);
            }
        }
        return totals;
    }

    @Override
    public Mask[] select(long[] keep) {
        return new Selection(differences, ops, chunks).masks(keep);
    }

    @Override
    public double[][] absoluteSums(Mask[] masks) {
        double[][] sums = new double[sources.size()][2];
        for (int i = 0; i < sums.length; i++) {
            if (i != base) {
                sums[i] = absoluteSums(i, masks[i]);
            }
        }
        return sums;
    }

    private double[] absoluteSums(int source, Mask mask) {
        List<double[]> parts =
                chunks.map(
                        elements(),
                        (chunk, scratch) -> {
                            double[] all = new double[TileOps.LANES];
                            double[] kept = new double[TileOps.LANES];
                            MaskedTile masked = new MaskedTile(mask, chunk.index(), ops);
                            float[] tile = scratch.tile(1);
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = tileSize(i, chunk);
                                differences.readBoth(source, i, n, scratch.tile(0), tile);
                                ops.absoluteSum(tile, n, all);
                                masked.apply(tile, n);
                                ops.absoluteSum(tile, n, kept);
                            }
                            return new double[] {Lanes.total(all), Lanes.total(kept)};
                        });
        double[] sums = new double[2];
        for (double[] part : parts) {
            sums[0] += part[0];
            sums[1] += part[1];
        }
        return sums;
    }

    @Override
    public void combine(Combination combination) {
        switch (combination) {
            case WeightedSum sum -> weightedSum(sum.coefficients());
            case TaskVectorSum sum -> {
                if (leavesBase(sum)) {
                    new CpuPrimitives(List.of(sources.get(base)), NO_BASE, output, chunks, ops)
                            .combine(new WeightedSum(new double[] {1}));
                } else {
                    new TaskVectorPass(differences, sum, output, ops).run(chunks);
                }
            }
        }
    }

    // A recipe that filters some tensors to weight 0 wants the base's there, bit for bit.
    private boolean leavesBase(TaskVectorSum sum) {
        for (int i = 0; i < sources.size(); i++) {
            if (i != base && sum.weights()[i] != 0 && sum.masks()[i] != Mask.NONE) {
                return false;
            }
        }
        return true;
    }

    private void weightedSum(double[] coefficients) {
        if (sources.size() == 1
                && coefficients[0] == 1
                && sources.getFirst().dtype() == output.spec().dtype()
                && sources.getFirst().isStored()) {
            sources.getFirst().bytes().ifPresentOrElse(this::copy, this::gather);
            return;
        }
        chunks.map(
                elements(),
                (chunk, scratch) -> {
                    ChunkOutput out = new ChunkOutput(output, ops, scratch, chunk.from());
                    float[] sum = scratch.tile(0);
                    float[] tile = scratch.tile(1);
                    for (long from = chunk.from(); from < chunk.end(); from += TileOps.TILE) {
                        int n = tileSize(from, chunk);
                        sources.getFirst().read(from, n, sum);
                        if (coefficients[0] != 1) {
                            ops.scale(sum, (float) coefficients[0], sum, n);
                        }
                        for (int i = 1; i < sources.size(); i++) {
                            sources.get(i).read(from, n, tile);
                            ops.addScaled(sum, tile, (float) coefficients[i], n);
                        }
                        out.append(sum, n);
                    }
                    out.flush();
                    return 0;
                });
    }

    private void copy(MemorySegment bytes) {
        int size = output.spec().dtype().bytes();
        chunks.map(
                elements(),
                (chunk, scratch) -> {
                    long end = chunk.end() * size;
                    for (long at = chunk.from() * size; at < end; at += COPY_BYTES) {
                        output.write(at, bytes.asSlice(at, Math.min(COPY_BYTES, end - at)));
                    }
                    return 0;
                });
    }

    private void gather() {
        int size = output.spec().dtype().bytes();
        int most = Scratch.OUTPUT_BYTES / size;
        chunks.map(
                elements(),
                (chunk, scratch) -> {
                    for (long from = chunk.from(); from < chunk.end(); from += most) {
                        int n = (int) Math.min(most, chunk.end() - from);
                        sources.getFirst().copy(from, n, scratch.output());
                        output.write(from * size, scratch.output().asSlice(0, (long) n * size));
                    }
                    return 0;
                });
    }

    private static int tileSize(long from, Chunks.Chunk chunk) {
        return (int) Math.min(TileOps.TILE, chunk.end() - from);
    }
}
