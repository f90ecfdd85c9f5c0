package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Executor;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Computes on the CPU.
public record CpuExecutor(TileOps ops) implements Executor {
    @Override
    public String title() {
        return "the CPU";
    }

    @Override
    public int threads(int asked) {
        return asked;
    }

    @Override
    public Primitives primitives(
            List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks) {
        long elements = output.spec().shape().elements();
        return new CpuPrimitives(sources, base, output, chunks, ops.forElements(elements));
    }

    @Override
    public List<String> report() {
        return List.of();
    }

    @Override
    public void close() {
        // There is nothing to release.
    }
}
