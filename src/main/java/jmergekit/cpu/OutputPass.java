package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// A pass that makes the output tile by tile.
final class OutputPass {
    private OutputPass() {}

    /// Makes the tiles of one chunk.
    interface TileMaker {
        /// @return `n` elements, starting at `from`
        float[] tile(long from, int n);
    }

    /// Begins a chunk; the maker may use `scratch` until the chunk is done.
    interface Start {
        TileMaker begin(Chunks.Chunk chunk, Scratch scratch);
    }

    static void run(Chunks chunks, OutputTensor output, TileOps ops, Start start) {
        run(chunks, output, ops, TileOps.TILE, start);
    }

    /// @param tile elements of a tile
    static void run(Chunks chunks, OutputTensor output, TileOps ops, int tile, Start start) {
        chunks.map(
                output.spec().shape().elements(),
                (chunk, scratch) -> {
                    TileMaker maker = start.begin(chunk, scratch);
                    ChunkOutput out = new ChunkOutput(output, ops, scratch, chunk.from());
                    for (long i = chunk.from(); i < chunk.end(); i += tile) {
                        int n = (int) Math.min(tile, chunk.end() - i);
                        out.append(maker.tile(i, n), n);
                    }
                    out.flush();
                    return 0;
                });
    }
}
