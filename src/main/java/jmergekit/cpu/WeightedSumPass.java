package jmergekit.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// The writing pass of weighted sums.
final class WeightedSumPass {
    private static final long COPY_BYTES = 8L << 20;

    private final List<SourceTensor> sources;
    private final double[] coefficients;
    private final TileOps ops;

    WeightedSumPass(List<SourceTensor> sources, double[] coefficients, TileOps ops) {
        this.sources = sources;
        this.coefficients = coefficients;
        this.ops = ops;
    }

    void run(Chunks chunks, OutputTensor output) {
        if (sources.size() == 1
                && coefficients[0] == 1
                && sources.getFirst().dtype() == output.spec().dtype()
                && sources.getFirst().isStored()) {
            sources.getFirst()
                    .bytes()
                    .ifPresentOrElse(
                            bytes -> copy(bytes, chunks, output), () -> gather(chunks, output));
        } else {
            OutputPass.run(
                    chunks,
                    output,
                    ops,
                    TileOps.SHORT_TILE,
                    (_, scratch) -> (from, n) -> tile(from, n, scratch));
        }
    }

    private float[] tile(long from, int n, Scratch scratch) {
        float[] sum = scratch.tile(0);
        float[] tile = scratch.tile(1);
        sources.getFirst().read(from, n, sum);
        if (coefficients[0] != 1) {
            ops.scale(sum, (float) coefficients[0], sum, n);
        }
        for (int i = 1; i < sources.size(); i++) {
            sources.get(i).read(from, n, tile);
            ops.addScaled(sum, tile, (float) coefficients[i], n);
        }
        return sum;
    }

    private static void copy(MemorySegment bytes, Chunks chunks, OutputTensor output) {
        int size = output.spec().dtype().bytes();
        chunks.map(
                output.spec().shape().elements(),
                (chunk, _) -> {
                    long end = chunk.end() * size;
                    for (long at = chunk.from() * size; at < end; at += COPY_BYTES) {
                        output.write(at, bytes.asSlice(at, Math.min(COPY_BYTES, end - at)));
                    }
                    return 0;
                });
    }

    private void gather(Chunks chunks, OutputTensor output) {
        int size = output.spec().dtype().bytes();
        int most = Scratch.OUTPUT_BYTES / size;
        chunks.map(
                output.spec().shape().elements(),
                (chunk, scratch) -> {
                    for (long from = chunk.from(); from < chunk.end(); from += most) {
                        int n = (int) Math.min(most, chunk.end() - from);
                        sources.getFirst().copy(from, n, scratch.output());
                        output.write(from * size, scratch.output().asSlice(0, (long) n * size));
                    }
                    return 0;
                });
    }
}
