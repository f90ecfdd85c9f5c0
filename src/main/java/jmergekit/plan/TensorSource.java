package jmergekit.plan;

import java.util.Map;
import java.util.Optional;
import jmergekit.kernel.RowTable;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Where one input of an output tensor comes from.
///
/// @param model index into [MergePlan#models]
/// @param location in that model's files
/// @param elements how many elements take part, from the first one on
/// @param rows which rows take part and in what order, if not the stored ones as they are
public record TensorSource(
        int model, TensorLocation location, long elements, Optional<RowSelection> rows) {
    /// The rows of a tensor that follows the vocabulary, for a merged vocabulary.
    ///
    /// @param table numbers the models as [MergePlan#models]
    /// @param shape of the tensor with these rows
    /// @param others the same tensor of the models whose rows may stand in, by model
    public record RowSelection(RowTable table, Shape shape, Map<Integer, TensorSource> others) {}

    /// All elements as they are stored.
    static TensorSource whole(int model, TensorLocation location) {
        long elements = location.entry().spec().shape().elements();
        return new TensorSource(model, location, elements, Optional.empty());
    }

    /// The stored tensor.
    public TensorSpec spec() {
        return location.entry().spec();
    }

    /// The shape as it takes part, before rows are cut.
    public Shape shape() {
        return rows.map(RowSelection::shape).orElse(spec().shape());
    }

    TensorSource withElements(long count) {
        return new TensorSource(model, location, count, rows);
    }

    TensorSource withRows(RowSelection selection) {
        return new TensorSource(
                model, location, selection.shape().elements(), Optional.of(selection));
    }
}
