package jmergekit.cpu;

import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.ElementScore;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.FiniteCheckedTensor;
import jmergekit.tile.TileOps;

/// Primitives that the CPU computes for every processor, until that one has a kernel and overrides
/// them. Each reports this by [#onHost].
public abstract class HostPrimitives implements Primitives {
    final List<SourceTensor> sources;
    final int base;
    final OutputTensor output;
    final Chunks chunks;
    final TileOps ops;

    protected HostPrimitives(
            List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks, TileOps ops) {
        this.sources = List.copyOf(sources);
        this.base = base;
        this.output = output;
        this.chunks = chunks;
        this.ops = ops;
    }

    /// Called when the CPU computes a primitive, with its name for the report.
    protected abstract void onHost(String primitives);

    /// Primitives over the same sources with another output.
    protected abstract Primitives into(OutputTensor other);

    @Override
    public final int sources() {
        return sources.size();
    }

    @Override
    public final int base() {
        return base;
    }

    @Override
    public final long elements() {
        return output.spec().shape().elements();
    }

    @Override
    public float[][] scoresAt(List<ElementScore> scores, long[] places) {
        onHost("order statistics of scores");
        Differences differences =
                new Differences(sources, base, output.spec().shape().rowLength(), ops);
        return new Selection(differences, ops, chunks)
                .orderStatistics(
                        scores.stream().map(s -> new ScoreMeasure(differences, s)).toList(),
                        places);
    }

    @Override
    public final boolean haveStatistics() {
        return sources.stream().allMatch(s -> s.statistics().isPresent());
    }

    @Override
    public final SourceTensor statistics(int source) {
        onHost("statistics");
        return sources.get(source).statistics().orElseThrow();
    }

    @Override
    public double[] statisticsMeans() {
        onHost("statistics");
        double[] means = new double[sources()];
        for (int i = 0; i < means.length; i++) {
            SourceTensor statistics = sources.get(i).statistics().orElseThrow();
            List<Double> sums =
                    chunks.map(
                            statistics.elements(),
                            (chunk, scratch) -> sum(statistics, chunk, scratch.tile(0)));
            means[i] = sums.stream().mapToDouble(s -> s).sum() / Math.max(1, statistics.elements());
        }
        return means;
    }

    private static double sum(SourceTensor tensor, Chunks.Chunk chunk, float[] tile) {
        double sum = 0;
        for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
            tensor.read(i, n, tile);
            for (int j = 0; j < n; j++) {
                sum += Float.isFinite(tile[j]) ? tile[j] : 0;
            }
        }
        return sum;
    }

    @Override
    public Matrix matrix(int source) {
        onHost("matrices");
        float[] values = new float[Math.toIntExact(elements())];
        SourceTensor tensor = new FiniteCheckedTensor(sources.get(source), output);
        chunks.map(
                elements(),
                (chunk, scratch) -> {
                    float[] tile = scratch.tile(0);
                    for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                        tensor.read(i, n, tile);
                        System.arraycopy(tile, 0, values, (int) i, n);
                    }
                    return 0;
                });
        return Matrix.of(output.spec().shape(), values);
    }

    @Override
    public Matrix taskVector(double[] weights) {
        onHost("matrices");
        float[] values = new float[Math.toIntExact(elements())];
        List<SourceTensor> checked =
                sources.stream()
                        .map(s -> (SourceTensor) new FiniteCheckedTensor(s, output))
                        .toList();
        chunks.map(
                elements(),
                (chunk, scratch) -> {
                    float[] baseTile = scratch.tile(0);
                    float[] sum = scratch.tile(1);
                    for (long from = chunk.from(); from < chunk.end(); from += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - from);
                        checked.get(base).read(from, n, baseTile);
                        Arrays.fill(sum, 0, n, 0f);
                        for (int i = 0; i < weights.length; i++) {
                            if (i != base && weights[i] != 0) {
                                checked.get(i)
                                        .addDifference(
                                                from,
                                                n,
                                                baseTile,
                                                (float) weights[i],
                                                sum,
                                                scratch.tile(2));
                            }
                        }
                        System.arraycopy(sum, 0, values, (int) from, n);
                    }
                    return 0;
                });
        return Matrix.of(output.spec().shape(), values);
    }

    @Override
    public final Matrix result(Combination combination) {
        if (combination instanceof Combination.Computed(Matrix matrix)) {
            return matrix;
        }
        MatrixOutput matrix = new MatrixOutput(output);
        into(matrix).combine(combination);
        return matrix.matrix();
    }

    /// [Combination.Scaled].
    protected final void combineScaled(Combination.Scaled scaled) {
        SourceTensor origin = sources.get(base);
        into(new ScaledOutput(output, origin, scaled.factor(), ops)).combine(scaled.combination());
    }
}
