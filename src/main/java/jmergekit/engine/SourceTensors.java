package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import jmergekit.plan.Interleaved;
import jmergekit.plan.Quantised;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.ArrayTensor;
import jmergekit.source.BlockFormat;
import jmergekit.source.BlockScales;
import jmergekit.source.Float4Tensor;
import jmergekit.source.GatheredBlocks;
import jmergekit.source.InterleavedRows;
import jmergekit.source.JoinedColumns;
import jmergekit.source.LowRankUpdate;
import jmergekit.source.MatrixRows;
import jmergekit.source.NormalNoise;
import jmergekit.source.PackedNibbles;
import jmergekit.source.QuantisedValues;
import jmergekit.source.RemappedRows;
import jmergekit.source.ScaledBlocks;
import jmergekit.source.ScaledSum;
import jmergekit.source.StackedRows;
import jmergekit.source.StoredTensor;
import jmergekit.source.TensorWithStatistics;
import jmergekit.source.TransposedMatrix;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;

/// Opens sources in the form that executors read.
///
/// @param computed values of [Source.Computed], by name
/// @param inner makes the output of an inner task
/// @param scales finds the scales of a quantised tensor
record SourceTensors(
        OpenFiles files,
        TileOps ops,
        Map<String, Values> computed,
        Function<TensorTask, TensorView> inner,
        BiFunction<SourceTensor, BlockFormat, BlockScales> scales) {
    SourceTensor open(Source source) {
        return open(source, source.shape().elements());
    }

    /// @param elements how many are used, from the first one on
    private SourceTensor open(Source source, long elements) {
        return switch (source) {
            case Source.Stored s -> files.tensor(s, elements);
            case Source.Replaced s -> open(s.tensor(), elements);
            case Source.Leading s -> open(s.tensor(), elements);
            case Source.Scaled s ->
                    ScaledBlocks.of(open(s.tensor(), elements), open(s.scales()), grid(s));
            case Source.LowRankAdded s ->
                    new LowRankUpdate(open(s.tensor(), elements), s.columns(), factors(s), ops);
            case Source.Added s ->
                    new ScaledSum(open(s.tensor(), elements), open(s.addend()), s.scale(), ops);
            case Source.WithStatistics s ->
                    new TensorWithStatistics(open(s.tensor(), elements), open(s.statistics()));
            case Source.Remapped s -> remapped(s);
            case Source.Blocks s -> gathered(s);
            case Source.Stacked s -> new StackedRows(s.parts().stream().map(this::open).toList());
            case Source.Joined s -> joined(s);
            case Interleaved s ->
                    new InterleavedRows(
                            s.parts().stream().map(this::open).toList(),
                            s.shape().elements() / Math.max(1, s.shape().size(0)));
            case Rearranged.Viewed s -> viewed(s, elements);
            case Rearranged.Shaped s -> open(s.tensor(), elements);
            case Rearranged.Rows s -> rows(s, elements);
            case Rearranged.Transposed s ->
                    TransposedMatrix.of(open(s.tensor()), s.tensor().shape().size(0));
            case Quantised.Values s -> {
                QuantisedValues values = quantised(s);
                yield s.dtype() == DType.U8 ? new PackedNibbles(values) : values;
            }
            case Quantised.Scales s -> scales.apply(open(s.tensor()), s.format());
            case Source.Given s -> new ArrayTensor(s.values().toArray());
            case Source.Computed s -> new ArrayTensor(computed(s).toArray());
            case Source.Noise s ->
                    new NormalNoise(CounterRandom.key(s.seed(), s.spec().name(), 0), elements);
            case Source.Made s when s.task().keepsStored() ->
                    open(s.task().sources().getFirst(), elements);
            case Source.Made s -> new StoredTensor(inner.apply(s.task()), elements, ops);
        };
    }

    private static ScaledBlocks.Grid grid(Source.Scaled source) {
        return new ScaledBlocks.Grid(
                source.rows(),
                source.columns(),
                source.blockRows(),
                source.blockColumns(),
                source.divided());
    }

    /// The values of a quantised tensor, including 4-bit values.
    QuantisedValues quantised(Quantised.Values source) {
        SourceTensor tensor = open(source.tensor());
        return new QuantisedValues(tensor, source.format(), scales.apply(tensor, source.format()));
    }

    private SourceTensor viewed(Rearranged.Viewed source, long elements) {
        SourceTensor tensor =
                source.tensor() instanceof Source.Stored stored
                        ? files.plainBytes(stored)
                        : open(source.tensor());
        MemorySegment bytes = tensor.bytes().orElseThrow();
        return source.dtype() == DType.F4
                ? new Float4Tensor(bytes, elements)
                : new StoredTensor(
                        new TensorView(
                                new TensorSpec(
                                        source.spec().name(), source.dtype(), source.shape()),
                                bytes),
                        elements,
                        ops);
    }

    // Rows of a tensor that is stored as it is read remain a view of the file.
    private SourceTensor rows(Rearranged.Rows source, long elements) {
        SourceTensor tensor = open(source.tensor());
        long columns = source.columns();
        if (source.step() == 1) {
            Optional<SourceTensor> part =
                    ScaledBlocks.part(tensor, source.first() * columns, elements);
            if (part.isPresent()) {
                return part.get();
            }
        }
        if (source.step() == 1 && tensor instanceof StoredTensor stored) {
            int size = stored.dtype().bytes();
            MemorySegment bytes =
                    stored.view().bytes().asSlice(source.first() * columns * size, elements * size);
            TensorSpec spec =
                    new TensorSpec(source.spec().name(), stored.dtype(), Shape.of(elements));
            return new StoredTensor(new TensorView(spec, bytes), elements, ops);
        }
        return new MatrixRows(tensor, columns, source.first(), source.step(), elements);
    }

    private LowRankUpdate.Factors factors(Source.LowRankAdded source) {
        SourceTensor a = open(source.a());
        SourceTensor b = open(source.b());
        boolean transposed = source.transposed();
        return new LowRankUpdate.Factors(
                transposed ? a : b, transposed ? b : a, source.rank(), transposed, source.scale());
    }

    private SourceTensor remapped(Source.Remapped source) {
        Map<Integer, SourceTensor> models = new HashMap<>();
        source.others().forEach((model, other) -> models.put(model, open(other)));
        models.put(source.model(), open(source.tensor()));
        long columns = source.shape().elements() / source.table().rows();
        return new RemappedRows(source.table(), source.model(), models, columns);
    }

    private SourceTensor gathered(Source.Blocks source) {
        List<GatheredBlocks.Block> blocks =
                source.blocks().stream()
                        .map(b -> new GatheredBlocks.Block(open(b.tensor()), b.layer(), b.layers()))
                        .toList();
        return new GatheredBlocks(blocks, source.outer(), source.length());
    }

    private SourceTensor joined(Source.Joined source) {
        return new JoinedColumns(
                source.matrices().stream()
                        .map(p ->
                                new JoinedColumns.Part(
                                        open(p.tensor()),
                                        p.tensor().shape().rowLength(),
                                        p.factor()))
                        .toList());
    }

    private Values computed(Source.Computed source) {
        Values values = computed.get(source.spec().name());
        if (values == null) {
            throw new IllegalStateException(
                    "the values of '%s' have not been computed".formatted(source.spec().name()));
        }
        return values;
    }
}
