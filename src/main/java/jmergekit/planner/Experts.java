package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.plan.Interleaved;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.tensor.Shape;

/// The experts of one layer of a model, whose matrices are available in any layout.
///
/// @param prefix of their names, up to `experts.`
/// @param count the number of experts
/// @param wanted the layout of the output
/// @param tensors by name in the output's style
record Experts(
        String prefix,
        int count,
        ExpertLayout layout,
        ExpertLayout wanted,
        Map<String, Source> tensors) {
    Experts with(ExpertLayout other) {
        return new Experts(prefix, count, layout, other, tensors);
    }

    boolean has(ExpertTensor tensor) {
        return tensors.containsKey(
                layout instanceof ExpertLayout.Split words
                        ? tensor.nameOf(0, tensor.parts().getFirst(), words)
                        : tensor.name());
    }

    /// The names under which the parts of a fused tensor are stored.
    List<String> names(ExpertTensor tensor) {
        if (!(layout instanceof ExpertLayout.Split words)) {
            return List.of(tensor.name());
        }
        List<String> names = new ArrayList<>();
        for (int expert = 0; expert < count; expert++) {
            for (ExpertPart part : tensor.parts()) {
                names.add(tensor.nameOf(expert, part, words));
            }
        }
        return names;
    }

    /// A matrix of one expert, `[out, in]`, or its bias, `[out]`.
    Source part(ExpertTensor tensor, int expert, ExpertPart part) {
        return switch (layout) {
            case ExpertLayout.Split words -> tensors.get(tensor.nameOf(expert, part, words));
            case ExpertLayout.Fused fused -> part(stored(tensor, expert), tensor, fused, part);
        };
    }

    private static Source part(
            Source block, ExpertTensor tensor, ExpertLayout.Fused fused, ExpertPart part) {
        Source rows = fused.transposed() && !tensor.bias() ? transposed(block) : block;
        if (!tensor.gateUp()) {
            return rows;
        }
        long half = rows.shape().size(0) / 2;
        long columns = rows.shape().elements() / rows.shape().size(0);
        int second = part == ExpertPart.GATE ? 0 : 1;
        return fused.interleaved()
                ? new Rearranged.Rows(rows, columns, second, 2, rows.shape().withRows(half))
                : new Rearranged.Rows(rows, columns, second * half, 1, rows.shape().withRows(half));
    }

    // One expert's block of a fused tensor, as stored.
    private Source stored(ExpertTensor tensor, int expert) {
        Source all = tensors.get(tensor.name());
        List<Long> sizes = all.shape().dimensions();
        Shape shape = new Shape(sizes.subList(1, sizes.size()));
        long rows = shape.rank() == 1 ? 1 : shape.size(0);
        long columns = shape.elements() / rows;
        return new Rearranged.Rows(all, columns, expert * rows, 1, shape);
    }

    /// One expert's block of a fused tensor in a layout.
    Source block(ExpertTensor tensor, int expert, ExpertLayout.Fused wanted) {
        boolean sameOrder =
                layout instanceof ExpertLayout.Fused own
                        && (!tensor.gateUp() || own.interleaved() == wanted.interleaved());
        if (sameOrder && layout instanceof ExpertLayout.Fused own) {
            Source block = stored(tensor, expert);
            return own.transposed() == wanted.transposed() || tensor.bias()
                    ? block
                    : transposed(block);
        }
        List<Source> parts =
                tensor.parts().stream().map(part -> part(tensor, expert, part)).toList();
        return together(tensor, parts, wanted);
    }

    /// Combines the matrices or biases of one expert into its block of a fused tensor.
    static Source together(ExpertTensor tensor, List<Source> parts, ExpertLayout.Fused wanted) {
        Source rows = parts.getFirst();
        if (parts.size() > 1) {
            rows = wanted.interleaved() ? new Interleaved(parts) : new Source.Stacked(parts);
        }
        return wanted.transposed() && !tensor.bias() ? transposed(rows) : rows;
    }

    private static Source transposed(Source matrix) {
        return matrix instanceof Rearranged.Transposed(Source other)
                ? other
                : new Rearranged.Transposed(matrix);
    }

    /// The fused tensor of all experts in a layout.
    Source whole(ExpertTensor tensor, ExpertLayout.Fused wanted) {
        List<Source> blocks =
                IntStream.range(0, count).mapToObj(e -> block(tensor, e, wanted)).toList();
        Shape block = blocks.getFirst().shape();
        List<Long> sizes = new ArrayList<>(block.dimensions());
        sizes.addFirst((long) count);
        return new Rearranged.Shaped(new Source.Stacked(blocks), new Shape(sizes));
    }
}
