package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.ArrayTensor;
import jmergekit.source.StoredTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;

/// An output tensor and its sources, to be computed on any processor.
final class TestTensor {
    private final Shape shape;
    private final int base;
    private final List<SourceTensor> sources = new ArrayList<>();

    /// @param base which of the sources will be the base, or [Primitives#NO_BASE]
    TestTensor(Shape shape, int base) {
        this.shape = shape;
        this.base = base;
    }

    /// Gives the primitives of a processor.
    interface Maker {
        Primitives make(List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks);
    }

    /// Adds a source that lies in memory.
    TestTensor stored(DType dtype, MemorySegment bytes) {
        TensorSpec spec = new TensorSpec("source " + sources.size(), dtype, shape);
        return with(
                new StoredTensor(new TensorView(spec, bytes), shape.elements(), TileOps.best()));
    }

    /// Adds one that the host computes.
    TestTensor computed(float[] values) {
        return with(new ArrayTensor(values));
    }

    TestTensor with(SourceTensor source) {
        sources.add(source);
        return this;
    }

    int elements() {
        return Math.toIntExact(shape.elements());
    }

    /// What a processor results.
    <R> R ask(Maker maker, Chunks chunks, Function<Primitives, R> operation) {
        return operation.apply(maker.make(sources, base, new Sink(DType.F32), chunks));
    }

    /// The output's bytes.
    ///
    /// @param combination made with the primitives, which tells its masks
    byte[] combine(
            Maker maker,
            Chunks chunks,
            DType into,
            Function<Primitives, ? extends Combination> combination) {
        Sink sink = new Sink(into);
        Primitives primitives = maker.make(sources, base, sink, chunks);
        primitives.combine(combination.apply(primitives));
        return sink.bytes;
    }

    private final class Sink implements OutputTensor {
        private final TensorSpec spec;
        private final byte[] bytes;

        Sink(DType dtype) {
            spec = new TensorSpec("out", dtype, shape);
            bytes = new byte[Math.toIntExact(spec.bytes())];
        }

        @Override
        public TensorSpec spec() {
            return spec;
        }

        @Override
        public void write(long byteOffset, MemorySegment from) {
            MemorySegment.copy(from, 0, MemorySegment.ofArray(bytes), byteOffset, from.byteSize());
        }
    }
}
