package jmergekit.plan;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.source.RowTable;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Where one input of an output tensor comes from.
///
/// @param model index into [MergePlan#models]
/// @param location in that model's files, or its adapter's
/// @param elements how many elements take part, from the first one on
/// @param scaling what the stored elements are multiplied by, if by anything
/// @param update what the model's adapter does to the tensor, if anything
/// @param rows which rows of that take part and in what order, if not all as they are
/// @param blocks of which layers' blocks the tensor is put together, if it is; everything else then
///     is the first one's
public record TensorSource(
        int model,
        TensorLocation location,
        long elements,
        Optional<Scaling> scaling,
        Optional<AdapterUpdate> update,
        Optional<RowSelection> rows,
        Optional<LayerBlocks> blocks) {
    /// The rows of a tensor that follows the vocabulary, for a merged vocabulary.
    ///
    /// @param table numbers the models as [RunPlan#models]
    /// @param shape of the tensor with these rows
    /// @param others the same tensor of the models whose rows may stand in, by model
    public record RowSelection(RowTable table, Shape shape, Map<Integer, TensorSource> others) {}

    /// All elements of a stored tensor.
    public static TensorSource whole(
            int model, TensorLocation location, Optional<AdapterUpdate> update) {
        long elements = location.entry().spec().shape().elements();
        return new TensorSource(
                model,
                location,
                elements,
                Optional.empty(),
                update,
                Optional.empty(),
                Optional.empty());
    }

    /// The stored tensor.
    public TensorSpec spec() {
        return location.entry().spec();
    }

    /// The dtype that counts when the output's is decided.
    public DType dtype() {
        if (blocks.isPresent()) {
            return ofBlocks().map(TensorSource::dtype).reduce(DType::promote).orElseThrow();
        }
        return scaling.map(Scaling::dtype)
                .or(() -> update.map(AdapterUpdate::dtype))
                .orElse(spec().dtype());
    }

    /// The tensors that are read, with those of other models whose rows stand in.
    public Stream<TensorLocation> locations() {
        Stream<TensorLocation> own =
                Stream.of(
                                Stream.of(location),
                                scaling.stream().map(Scaling::scale),
                                update.stream().flatMap(AdapterUpdate::tensors))
                        .flatMap(s -> s);
        Stream<TensorSource> others = rows.stream().flatMap(r -> r.others().values().stream());
        return Stream.concat(
                own, Stream.concat(others, ofBlocks()).flatMap(TensorSource::locations));
    }

    private Stream<TensorSource> ofBlocks() {
        return blocks.stream().flatMap(b -> b.blocks().stream()).map(LayerBlocks.Block::source);
    }

    /// Bytes of memory that the adapters of this source take.
    long memoryOfAdapters() {
        Stream<TensorSource> others = rows.stream().flatMap(r -> r.others().values().stream());
        return update.map(AdapterUpdate::memory).orElse(0L)
                + Stream.concat(others, ofBlocks())
                        .distinct()
                        .mapToLong(TensorSource::memoryOfAdapters)
                        .sum();
    }

    /// The shape as it takes part, before rows are cut.
    public Shape shape() {
        return blocks.map(LayerBlocks::shape)
                .or(() -> rows.map(RowSelection::shape))
                .orElse(spec().shape());
    }

    public TensorSource withElements(long count) {
        return new TensorSource(model, location, count, scaling, update, rows, blocks);
    }

    public TensorSource withRows(RowSelection selection) {
        return new TensorSource(
                model,
                location,
                selection.shape().elements(),
                scaling,
                update,
                Optional.of(selection),
                blocks);
    }

    public TensorSource withBlocks(LayerBlocks gathered) {
        return new TensorSource(
                model,
                location,
                gathered.shape().elements(),
                scaling,
                update,
                rows,
                Optional.of(gathered));
    }

    public TensorSource withScaling(Scaling scale) {
        return new TensorSource(
                model, location, elements, Optional.of(scale), update, rows, blocks);
    }
}
