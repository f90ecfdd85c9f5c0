package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jmergekit.model.InputFile;
import jmergekit.source.LowRankUpdate;
import jmergekit.tensor.DType;
import jmergekit.tensor.RowTable;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;

/// One input of a task: a stored tensor, or a tensor computed from others while it is read.
public sealed interface Source {
    /// The tensor that listings and messages name: the stored tensor that this one is made from.
    TensorSpec spec();

    /// The shape of the input.
    default Shape shape() {
        return spec().shape();
    }

    /// The dtype used to decide the output's dtype.
    default DType dtype() {
        return spec().dtype();
    }

    /// The sources that this one is made from, its own tensor first.
    default List<Source> parts() {
        return List.of();
    }

    /// The same source with its own stored tensor replaced; other tensors that it is made from are
    /// kept.
    default Source mapRoot(UnaryOperator<Source> change) {
        return this;
    }

    /// The bytes of memory used while it is read, without those of inner tasks.
    default long memory() {
        return parts().stream().distinct().mapToLong(Source::memory).sum();
    }

    /// This source and all sources that it is made from, each before its parts. Inner tasks are
    /// included, each only once, because recipes that share recipes can reach them in very many
    /// ways.
    default Stream<Source> all() {
        return new SourceWalk().add(this).found();
    }

    /// Whether an adapter changes the source's own tensor.
    default boolean isChangedByAdapter() {
        return switch (this) {
            case LowRankAdded _, Added _, Replaced _ -> true;
            case Derived derived -> derived.tensor().isChangedByAdapter();
            case Blocks blocks -> blocks.parts().getFirst().isChangedByAdapter();
            default -> false;
        };
    }

    /// The stored tensors that it is made from.
    default Stream<Stored> stored() {
        return all().flatMap(s -> s instanceof Stored stored ? Stream.of(stored) : Stream.empty());
    }

    /// A source that is made mainly from one tensor.
    sealed interface Derived extends Source
            permits Replaced,
                    Leading,
                    Scaled,
                    LowRankAdded,
                    Added,
                    WithStatistics,
                    Remapped,
                    Rearranged,
                    Quantised {
        Source tensor();

        /// The same source made from another tensor.
        Source with(Source other);

        @Override
        default TensorSpec spec() {
            return tensor().spec();
        }

        @Override
        default Shape shape() {
            return tensor().shape();
        }

        @Override
        default DType dtype() {
            return tensor().dtype();
        }

        @Override
        default List<Source> parts() {
            return List.of(tensor());
        }

        @Override
        default Source mapRoot(UnaryOperator<Source> change) {
            return with(tensor().mapRoot(change));
        }
    }

    /// A source that is combined from several tensors.
    sealed interface Assembled extends Source permits Blocks, Stacked, Joined, Interleaved {
        @Override
        default TensorSpec spec() {
            return parts().getFirst().spec();
        }

        @Override
        default DType dtype() {
            return parts().stream().map(Source::dtype).reduce(DType::promote).orElseThrow();
        }
    }

    /// A tensor of a file.
    record Stored(InputFile file, TensorEntry entry) implements Source {
        @Override
        public TensorSpec spec() {
            return entry.spec();
        }

        @Override
        public Source mapRoot(UnaryOperator<Source> change) {
            return change.apply(this);
        }
    }

    /// A tensor that an adapter stores whole, in place of the model's.
    ///
    /// @param dtype of the model's own tensor
    record Replaced(Source tensor, DType dtype) implements Derived {
        @Override
        public Source with(Source other) {
            return new Replaced(other, dtype);
        }
    }

    /// The leading rows of a tensor.
    record Leading(Source tensor, Shape shape) implements Derived {
        @Override
        public Source with(Source other) {
            return new Leading(other, shape);
        }
    }

    /// A tensor whose blocks are each multiplied by a scale, as quantised weights are stored. Each
    /// matrix of a stack starts a new block.
    ///
    /// @param scales row-major
    /// @param rows of a matrix
    /// @param columns of a matrix
    /// @param blockRows rows of a block
    /// @param blockColumns columns of a block
    /// @param divided whether blocks are divided by their scales instead
    /// @param dtype in which the model was made, used to decide the output's dtype
    record Scaled(
            Source tensor,
            Source scales,
            long rows,
            long columns,
            long blockRows,
            long blockColumns,
            boolean divided,
            DType dtype)
            implements Derived {
        /// For a single matrix.
        public Scaled(
                Source tensor,
                Source scales,
                long columns,
                long blockRows,
                long blockColumns,
                DType dtype) {
            this(
                    tensor,
                    scales,
                    Math.max(1, Math.ceilDiv(tensor.shape().elements(), columns)),
                    columns,
                    blockRows,
                    blockColumns,
                    false,
                    dtype);
        }

        @Override
        public Source with(Source other) {
            return new Scaled(
                    other, scales, rows, columns, blockRows, blockColumns, divided, dtype);
        }

        @Override
        public List<Source> parts() {
            return List.of(tensor, scales);
        }
    }

    /// A matrix plus the product of an adapter's two factors.
    ///
    /// @param a `[rank, columns]`, or `[rank, rows]` if transposed
    /// @param b `[rows, rank]`, or `[columns, rank]` if transposed
    /// @param transposed whether `(B A)^T` is added
    record LowRankAdded(Source tensor, Source a, Source b, boolean transposed, double scale)
            implements Derived {
        public long rank() {
            return a.shape().size(0);
        }

        /// The columns of the matrix that the product is added to.
        public long columns() {
            return transposed ? b.shape().size(0) : a.shape().size(1);
        }

        @Override
        public Source with(Source other) {
            return new LowRankAdded(other, a, b, transposed, scale);
        }

        @Override
        public List<Source> parts() {
            return List.of(tensor, a, b);
        }

        @Override
        public long memory() {
            return LowRankUpdate.bytes(rank(), columns()) + tensor.memory();
        }
    }

    /// A tensor with statistics of its model, for a method that weighs elements by them. The
    /// elements of the source are the tensor's.
    ///
    /// @param statistics see [jmergekit.method.StatisticsKind] for the kinds and their shapes
    record WithStatistics(Source tensor, Source statistics) implements Derived {
        @Override
        public Source with(Source other) {
            return new WithStatistics(other, statistics);
        }

        @Override
        public List<Source> parts() {
            return List.of(tensor, statistics);
        }
    }

    /// A tensor plus a multiple of another one of the same shape.
    record Added(Source tensor, Source addend, double scale) implements Derived {
        @Override
        public Source with(Source other) {
            return new Added(other, addend, scale);
        }

        @Override
        public List<Source> parts() {
            return List.of(tensor, addend);
        }
    }

    /// A model's tensor with the rows of a merged vocabulary.
    ///
    /// @param model the model that the rows belong to, as the table numbers the models
    /// @param others the same tensor in models that supply missing rows, by model
    /// @param shape of the tensor with these rows
    record Remapped(
            int model, Source tensor, RowTable table, Map<Integer, Source> others, Shape shape)
            implements Derived {
        public Remapped {
            others = Map.copyOf(others);
        }

        @Override
        public Source with(Source other) {
            return new Remapped(model, other, table, others, shape);
        }

        @Override
        public List<Source> parts() {
            List<Source> parts = new ArrayList<>(List.of(tensor));
            parts.addAll(new TreeMap<>(others).values());
            return parts;
        }
    }

    /// A tensor outside the layers that contains a block for each layer, with the blocks of the
    /// output's layers.
    ///
    /// @param axis the dimension along which the blocks are arranged
    /// @param blocks one for each layer of the output
    record Blocks(int axis, List<Block> blocks) implements Assembled {
        public Blocks {
            blocks = List.copyOf(blocks);
        }

        /// The block of one layer.
        ///
        /// @param model whose tensor contains it
        /// @param tensor the whole tensor of that model
        /// @param layer the layer's index in the model
        /// @param layers the number of layers in the model
        public record Block(int model, Source tensor, int layer, int layers) {}

        /// The number of rows of blocks.
        public long outer() {
            return product(shape().dimensions().subList(0, axis));
        }

        /// The number of elements of a block in each row.
        public long length() {
            Shape first = blocks.getFirst().tensor().shape();
            long inner = product(first.dimensions().subList(axis + 1, first.rank()));
            return first.size(axis) / blocks.getFirst().layers() * inner;
        }

        private static long product(List<Long> sizes) {
            return sizes.stream().reduce(1L, (a, b) -> a * b);
        }

        @Override
        public Shape shape() {
            Shape first = blocks.getFirst().tensor().shape();
            List<Long> sizes = new ArrayList<>(first.dimensions());
            sizes.set(axis, first.size(axis) / blocks.getFirst().layers() * blocks.size());
            return new Shape(sizes);
        }

        @Override
        public List<Source> parts() {
            return blocks.stream().map(Block::tensor).toList();
        }
    }

    /// Matrices with rows of equal length, stacked.
    record Stacked(List<Source> parts) implements Assembled {
        public Stacked {
            parts = List.copyOf(parts);
        }

        @Override
        public Shape shape() {
            long rows = parts.stream().mapToLong(p -> p.shape().size(0)).sum();
            return parts.getFirst().shape().withRows(rows);
        }
    }

    /// Matrices of equal height side by side, each multiplied by a factor.
    record Joined(List<Part> matrices) implements Assembled {
        public Joined {
            matrices = List.copyOf(matrices);
        }

        /// One of the matrices.
        public record Part(Source tensor, double factor) {}

        @Override
        public Shape shape() {
            long columns = matrices.stream().mapToLong(p -> p.tensor().shape().size(1)).sum();
            return Shape.of(matrices.getFirst().tensor().shape().size(0), columns);
        }

        @Override
        public List<Source> parts() {
            return matrices.stream().map(Part::tensor).toList();
        }
    }

    /// Values stored in the plan itself; only for small tensors.
    record Given(TensorSpec spec, Values values) implements Source {}

    /// Values that are computed before the tensors are made, such as the rows of a gate.
    ///
    /// @param spec with the name under which [Plan#computed] has the values
    /// @param how what determines them besides the models, in words
    record Computed(TensorSpec spec, String how) implements Source {}

    /// Standard normal numbers.
    ///
    /// @param spec its name is part of the key of the random numbers
    record Noise(TensorSpec spec, long seed) implements Source {}

    /// The output of another task, computed when it is needed.
    ///
    /// @param dtype requested by the inner recipe; the task may keep a higher precision
    record Made(TensorTask task, DType dtype) implements Source {
        @Override
        public TensorSpec spec() {
            return task.output();
        }

        @Override
        public List<Source> parts() {
            return task.sources();
        }

        /// Zero, because an inner task uses memory once, however many sources refer to it.
        @Override
        public long memory() {
            return 0;
        }

        @Override
        public Source mapRoot(UnaryOperator<Source> change) {
            return change.apply(this);
        }
    }
}
