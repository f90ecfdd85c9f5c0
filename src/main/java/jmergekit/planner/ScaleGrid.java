package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.model.ModelConfig;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import tools.jackson.databind.JsonNode;

/// The blocks of a quantised tensor that its scales apply to: one scale for each block of a matrix,
/// or of each matrix in a stack.
///
/// @param rows of a matrix
/// @param columns of a matrix
/// @param blockRows rows of a block; the last blocks of a matrix may have fewer
/// @param blockColumns columns of a block, likewise
record ScaleGrid(long rows, long columns, long blockRows, long blockColumns) {
    /// The grid for the shapes of a tensor and its scales; empty if they do not fit. The block size
    /// is the one in config.json, otherwise a power of two, or blocks span whole rows or columns.
    static Optional<ScaleGrid> of(Shape tensor, Shape scales, ModelConfig config) {
        if (tensor.elements() == 0 || scales.elements() == 0) {
            return Optional.empty();
        }
        long columns = tensor.rowLength();
        if (scales.elements() == 1) {
            long all = tensor.elements() / columns;
            return Optional.of(new ScaleGrid(all, columns, all, columns));
        }
        if (tensor.rank() < 2) {
            return Optional.empty();
        }
        long rows = tensor.size(tensor.rank() - 2);
        return counts(tensor, scales)
                .flatMap(counts ->
                        declared(rows, columns, counts, config)
                                .or(() -> inferred(rows, columns, counts)));
    }

    // The number of blocks in a matrix, vertically and horizontally.
    private static Optional<List<Long>> counts(Shape tensor, Shape scales) {
        List<Long> sizes = tensor.dimensions();
        int rank = sizes.size();
        List<Long> stack = sizes.subList(0, rank - 2);
        List<Long> given = scales.dimensions();
        if (given.size() == rank && given.subList(0, rank - 2).equals(stack)) {
            return Optional.of(given.subList(rank - 2, rank));
        }
        if (given.equals(sizes.subList(0, rank - 1))) {
            return Optional.of(List.of(sizes.get(rank - 2), 1L));
        }
        return !stack.isEmpty() && given.equals(stack)
                ? Optional.of(List.of(1L, 1L))
                : Optional.empty();
    }

    private static Optional<ScaleGrid> declared(
            long rows, long columns, List<Long> counts, ModelConfig config) {
        JsonNode block = config.quantisation().path("weight_block_size");
        long blockRows = block.path(0).asLong(0);
        long blockColumns = block.path(1).asLong(0);
        boolean fits =
                blockRows > 0
                        && blockColumns > 0
                        && Math.ceilDiv(rows, blockRows) == counts.getFirst()
                        && Math.ceilDiv(columns, blockColumns) == counts.getLast();
        return fits
                ? Optional.of(new ScaleGrid(rows, columns, blockRows, blockColumns))
                : Optional.empty();
    }

    private static Optional<ScaleGrid> inferred(long rows, long columns, List<Long> counts) {
        OptionalLong blockRows = block(rows, counts.getFirst());
        OptionalLong blockColumns = block(columns, counts.getLast());
        return blockRows.isPresent() && blockColumns.isPresent()
                ? Optional.of(
                        new ScaleGrid(
                                rows, columns, blockRows.getAsLong(), blockColumns.getAsLong()))
                : Optional.empty();
    }

    // At most one power of two divides a size into this number of blocks, if there is more than one
    // block.
    private static OptionalLong block(long size, long count) {
        if (count == 1) {
            return OptionalLong.of(size);
        }
        for (long block = 1; block < size; block *= 2) {
            if (Math.ceilDiv(size, block) == count) {
                return OptionalLong.of(block);
            }
        }
        return OptionalLong.empty();
    }

    /// A tensor multiplied or divided by these scales.
    ///
    /// @param dtype in which the model was made
    Source scaled(Source tensor, Source scales, boolean divided, DType dtype) {
        return new Source.Scaled(
                tensor, scales, rows, columns, blockRows, blockColumns, divided, dtype);
    }
}
