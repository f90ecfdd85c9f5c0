package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import jmergekit.tensor.Shape;

/// A tensor around the layers that holds a block for each of them, with the blocks of the output's
/// layers.
///
/// @param axis the dimension along which the blocks lie
/// @param blocks one for each layer of the output
public record LayerBlocks(int axis, List<Block> blocks) {
    /// The block of one layer.
    ///
    /// @param source the whole tensor of a model
    /// @param layer which of its layers
    /// @param layers how many it has
    public record Block(TensorSource source, int layer, int layers) {}

    public LayerBlocks {
        blocks = List.copyOf(blocks);
    }

    /// How many rows of blocks lie side by side.
    public long outer() {
        return product(shape().dimensions().subList(0, axis));
    }

    /// How many elements of a block one such row has.
    public long length() {
        Shape first = blocks.getFirst().source().shape();
        long inner = product(first.dimensions().subList(axis + 1, first.rank()));
        return first.size(axis) / blocks.getFirst().layers() * inner;
    }

    private static long product(List<Long> sizes) {
        return sizes.stream().reduce(1L, (a, b) -> a * b);
    }

    /// The shape of the whole.
    public Shape shape() {
        Shape first = blocks.getFirst().source().shape();
        List<Long> sizes = new ArrayList<>(first.dimensions());
        sizes.set(axis, first.size(axis) / blocks.getFirst().layers() * blocks.size());
        return new Shape(sizes);
    }
}
