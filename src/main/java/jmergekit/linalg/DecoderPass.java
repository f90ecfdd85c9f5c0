package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;

/// Runs the layers of a Llama-like decoder on texts, in float32, and shows what enters each layer.
///
/// All texts go through a layer before the next one is read, so that each weight is read once; texts
/// of different lengths lie one behind the other, without padding. No more than a block of a matrix
/// is in memory at a time.
public final class DecoderPass {
    /// Most elements of an MLP's intermediate results that are held at a time.
    private static final long MLP_ELEMENTS = 8L << 20;

    private final DecoderShape shape;
    private final DecoderWeights weights;
    private final Attention attention;

    /// Hears of a text's vector at the input of a layer.
    public interface States {
        void state(int layer, int text, float[] vector);
    }

    public DecoderPass(DecoderShape shape, DecoderWeights weights) {
        this.shape = shape;
        this.weights = weights;
        this.attention = new Attention(shape);
    }

    /// @param texts token ids, at least one for each text
    public void run(List<int[]> texts, Pooling pooling, States states) {
        try (NDManager manager = Torch.newManager();
                LinearLayer linear = new LinearLayer(manager)) {
            NDArray x = embed(texts, manager);
            for (int layer = 0; layer < shape.layers(); layer++) {
                emitStates(layer, x, texts, pooling, states);
                // What leaves the last layer no gate sees.
                if (layer < shape.layers() - 1) {
                    x = new Layer(layer, linear, manager).apply(x, texts);
                }
            }
        }
    }

    private NDArray embed(List<int[]> texts, NDManager manager) {
        int tokens = texts.stream().mapToInt(t -> t.length).sum();
        NDArray x = manager.create(new Shape(tokens, shape.hidden()), DataType.FLOAT32);
        MemorySegment states = MemorySegment.ofBuffer(x.toByteBuffer(true));
        float[] row = new float[shape.hidden()];
        long next = 0;
        for (int[] text : texts) {
            for (int id : text) {
                weights.embeddings().read((long) id * row.length, row.length, row);
                MemorySegment.copy(
                        row, 0, states, ValueLayout.JAVA_FLOAT_UNALIGNED, next, row.length);
                next += (long) row.length * Float.BYTES;
            }
        }
        return x;
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

    /// One layer; its arrays are freed when it is through.
    private final class Layer {
        private final int number;
        private final LinearLayer linear;
        private final NDManager manager;

        Layer(int number, LinearLayer linear, NDManager manager) {
            this.number = number;
            this.linear = linear;
            this.manager = manager;
        }

        NDArray apply(NDArray x, List<int[]> texts) {
            try (NDManager step = manager.newSubManager()) {
                x.attach(step);
                NDArray attended =
                        x.add(project(attend(norm(x, "input_layernorm"), texts), "o_proj"));
                NDArray result = attended.add(mlp(norm(attended, "post_attention_layernorm")));
                result.attach(manager);
                return result;
            }
        }

        private SourceTensor tensor(String name) {
            return weights.find(number, name)
                    .orElseThrow(() -> new IllegalStateException("no " + name));
        }

        private NDArray norm(NDArray x, String name) {
            return norm(x, tensor(name + ".weight"));
        }

        // Over the last dimension.
        private NDArray norm(NDArray x, SourceTensor weight) {
            int last = x.getShape().dimension() - 1;
            NDArray size = x.mul(x).mean(new int[] {last}, true).add(shape.normEpsilon()).sqrt();
            return x.div(size).mul(linear.vector(weight, x.getManager()));
        }

        private NDArray project(NDArray x, String name) {
            return linear(x, "self_attn." + name);
        }

        private NDArray linear(NDArray x, String name) {
            NDArray product = linear.apply(x, tensor(name + ".weight"));
            Optional<SourceTensor> bias = weights.find(number, name + ".bias");
            return bias.isEmpty()
                    ? product
                    : product.add(linear.vector(bias.get(), x.getManager()));
        }

        private NDArray attend(NDArray x, List<int[]> texts) {
            NDArray queries = heads(x, "q_proj", "q_norm", shape.heads());
            NDArray keys = heads(x, "k_proj", "k_norm", shape.keyHeads());
            NDArray values = heads(x, "v_proj", "v_norm", shape.keyHeads());
            NDList parts = new NDList();
            long first = 0;
            for (int[] text : texts) {
                NDIndex own = new NDIndex("{}:{}", first, first + text.length);
                parts.add(attention.apply(queries.get(own), keys.get(own), values.get(own)));
                first += text.length;
            }
            return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
        }

        /// (tokens, heads, head size), normalised by head in models that do so.
        private NDArray heads(NDArray x, String projection, String norm, int heads) {
            NDArray split =
                    project(x, projection).reshape(x.getShape().get(0), heads, shape.headSize());
            return weights.find(number, "self_attn." + norm + ".weight")
                    .map(weight -> norm(split, weight))
                    .orElse(split);
        }

        // Rows of tokens at a time: the intermediate results are the largest of all.
        private NDArray mlp(NDArray x) {
            long tokens = x.getShape().get(0);
            long width = tensor("mlp.gate_proj.weight").elements() / shape.hidden();
            long rows = Math.clamp(MLP_ELEMENTS / width, 1, tokens);
            NDList parts = new NDList();
            for (long first = 0; first < tokens; first += rows) {
                long end = Math.min(tokens, first + rows);
                try (NDManager step = x.getManager().newSubManager()) {
                    NDArray some = x.get(new NDIndex("{}:{}", first, end));
                    some.attach(step);
                    NDArray gate = linear(some, "mlp.gate_proj");
                    NDArray gated = gate.div(gate.neg().exp().add(1));
                    NDArray part = linear(gated.mul(linear(some, "mlp.up_proj")), "mlp.down_proj");
                    part.attach(x.getManager());
                    parts.add(part);
                }
            }
            return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
        }
    }
}
