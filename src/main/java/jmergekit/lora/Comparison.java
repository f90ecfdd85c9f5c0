package jmergekit.lora;

import jmergekit.engine.InputTensors;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Compares tensors of the fine-tune with the base model's.
record Comparison(InputTensors inputs) {
    /// Whether any element differs. Counts and positions are ignored.
    boolean differs(TensorPair pair) {
        if (!pair.sameShape()) {
            return true;
        }
        if (!pair.spec().dtype().isFloat()) {
            return false;
        }
        SourceTensor model = inputs.open(pair.model());
        SourceTensor base = inputs.open(pair.base().orElseThrow());
        float[] ours = new float[TileOps.TILE];
        float[] theirs = new float[TileOps.TILE];
        for (long from = 0; from < model.elements(); from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, model.elements() - from);
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
}
