package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Chunks;
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
}
