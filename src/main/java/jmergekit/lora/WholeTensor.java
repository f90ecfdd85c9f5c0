package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.engine.OpenFiles;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// A tensor that the adapter holds as the fine-tune has it.
record WholeTensor(TensorPair pair, OpenFiles files, TileOps ops) {
    TensorSpec spec() {
        return pair.spec().withName(Layout.wholeName(pair.name()));
    }

    /// Whether any element differs from the base model's.
    boolean isChanged() {
        if (!pair.sameShape()) {
            return true;
        }
        if (!pair.spec().dtype().isFloat()) {
            return false;
        }
        long elements = pair.spec().shape().elements();
        SourceTensor model = files.tensor(pair.model(), elements);
        SourceTensor base = files.tensor(pair.base().orElseThrow(), elements);
        float[] ours = new float[TileOps.TILE];
        float[] theirs = new float[TileOps.TILE];
        for (long from = 0; from < elements; from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, elements - from);
            model.read(from, n, ours);
            base.read(from, n, theirs);
            for (int i = 0; i < n; i++) {
                if (Float.compare(ours[i], theirs[i]) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    void copy(Factor.Sink sink) {
        long elements = pair.spec().shape().elements();
        SourceTensor model = files.tensor(pair.model(), elements);
        Optional<MemorySegment> stored = model.bytes();
        if (stored.isPresent()) {
            sink.write(0, stored.get());
            return;
        }
        int size = pair.spec().dtype().bytes();
        float[] tile = new float[TileOps.TILE];
        MemorySegment bytes = MemorySegment.ofArray(new byte[TileOps.TILE * size]);
        for (long from = 0; from < elements; from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, elements - from);
            model.read(from, n, tile);
            ops.narrow(tile, n, pair.spec().dtype(), bytes, 0);
            sink.write(from * size, bytes.asSlice(0, (long) n * size));
        }
    }
}
