package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// A tensor of blocks side by side, each of which is a block of another tensor.
///
/// As an array `[outer, blocks, length]`, its element `(o, k, x)` is element `(o, index, x)` of the
/// source of block `k`, as an array `[outer, count, length]`. Blocks are fetched as they are read.
public final class GatheredBlocks implements SourceTensor {
    /// A block.
    ///
    /// @param index of the block in its source
    /// @param count the number of blocks in the source
    public record Block(SourceTensor source, long index, long count) {}

    private interface Piece {
        void at(SourceTensor source, long from, int n, int to);
    }

    private final List<Block> blocks;
    private final long outer;
    private final long length;

    /// @param outer the number of rows of blocks
    /// @param length the number of elements of a block in each row
    public GatheredBlocks(List<Block> blocks, long outer, long length) {
        this.blocks = List.copyOf(blocks);
        this.outer = outer;
        this.length = length;
        for (Block block : blocks) {
            long needed = Math.multiplyExact(Math.multiplyExact(outer, block.count()), length);
            if (block.index() >= block.count() || block.source().elements() != needed) {
                throw new IllegalArgumentException(
                        "block %d of %d blocks of %d x %d elements from %d elements"
                                .formatted(
                                        block.index(),
                                        block.count(),
                                        outer,
                                        length,
                                        block.source().elements()));
            }
        }
    }

    @Override
    public long elements() {
        return outer * blocks.size() * length;
    }

    @Override
    public DType dtype() {
        return blocks.stream().map(b -> b.source().dtype()).reduce(DType::promote).orElseThrow();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        // Sources can only fill the front of an array.
        float[] piece = new float[n];
        walk(
                from,
                n,
                (source, at, count, to) -> {
                    source.read(at, count, piece);
                    System.arraycopy(piece, 0, into, to, count);
                });
    }

    @Override
    public boolean isStored() {
        return blocks.stream()
                .allMatch(b -> b.source().isStored() && b.source().dtype() == dtype());
    }

    @Override
    public void copy(long from, int n, MemorySegment into) {
        long size = dtype().bytes();
        walk(
                from,
                n,
                (source, at, count, to) ->
                        source.copy(at, count, into.asSlice(to * size, count * size)));
    }

    private void walk(long from, int n, Piece piece) {
        int done = 0;
        while (done < n) {
            long element = from + done;
            Block block = blocks.get(Math.toIntExact(element / length % blocks.size()));
            long row = element / length / blocks.size();
            long inBlock = element % length;
            int count = (int) Math.min(n - done, length - inBlock);
            long at = (row * block.count() + block.index()) * length + inBlock;
            piece.at(block.source(), at, count, done);
            done += count;
        }
    }
}
