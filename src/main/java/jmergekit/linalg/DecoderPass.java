package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;

/// Runs the layers of a Llama-like decoder on texts, in float32, and passes on the input of each
/// layer.
///
/// All texts go through a layer before the next one is read, so each weight is read once. Texts of
/// different lengths are concatenated without padding. At most one block of a matrix is in memory
/// at a time.
public final class DecoderPass {
    private final DecoderShape shape;
    private final DecoderWeights weights;

    /// Receives a text's vector at the input of a layer.
    public interface States {
        void state(int layer, int text, float[] vector);
    }

    public DecoderPass(DecoderShape shape, DecoderWeights weights) {
        this.shape = shape;
        this.weights = weights;
    }

    /// @param texts token ids, at least one for each text
    public void run(List<int[]> texts, Pooling pooling, States states) {
        try (NDManager manager = Torch.newManager();
                LinearLayer linear = new LinearLayer(manager)) {
            TokenRows rows = TokenRows.of(shape, texts, manager);
            NDArray x = linear.embed(texts, weights.embeddings(), shape.hidden(), manager);
            for (int layer = 0; layer < shape.layers(); layer++) {
                emitStates(layer, x, texts, pooling, states);
                // No gate sees the output of the last layer.
                if (layer < shape.layers() - 1) {
                    x = new DecoderLayer(layer, shape, weights, linear).apply(x, rows);
                }
            }
        }
    }

    private static void emitStates(
            int layer, NDArray x, List<int[]> texts, Pooling pooling, States states) {
        long first = 0;
        for (int text = 0; text < texts.size(); text++) {
            long end = first + texts.get(text).length;
            long from = pooling == Pooling.LAST ? end - 1 : first;
            try (NDArray rows = x.get(new NDIndex("{}:{}", from, end));
                    NDArray vector = rows.mean(new int[] {0})) {
                states.state(layer, text, vector.toFloatArray());
            }
            first = end;
        }
    }
}
