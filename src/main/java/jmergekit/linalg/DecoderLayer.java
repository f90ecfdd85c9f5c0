package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;

/// One layer of a decoder: attention and a gated MLP, each applied after a norm and added to its
/// input.
final class DecoderLayer {
    /// Maximum number of elements of an MLP's intermediate results held at a time.
    private static final long MLP_ELEMENTS = 8L << 20;

    private final int number;
    private final DecoderShape shape;
    private final DecoderWeights weights;
    private final LinearLayer linear;
    private final LinearInputs inputs;

    DecoderLayer(int number, DecoderShape shape, DecoderWeights weights, LinearLayer linear) {
        this(number, shape, weights, linear, LinearInputs.NONE);
    }

    /// @param inputs receives the inputs of its linear modules
    DecoderLayer(
            int number,
            DecoderShape shape,
            DecoderWeights weights,
            LinearLayer linear,
            LinearInputs inputs) {
        this.number = number;
        this.shape = shape;
        this.weights = weights;
        this.linear = linear;
        this.inputs = inputs;
    }

    /// @param x (tokens, hidden); it is freed
    /// @return the layer's output, an array of the manager of `x`
    NDArray apply(NDArray x, TokenRows rows) {
        NDManager owner = x.getManager();
        try (NDManager step = owner.newSubManager()) {
            x.attach(step);
            NDArray attended = x.add(project(attend(norm(x, "input_layernorm"), rows), "o_proj"));
            NDArray result = attended.add(mlp(norm(attended, "post_attention_layernorm")));
            result.attach(owner);
            return result;
        }
    }

    private SourceTensor tensor(String name) {
        return weights.find(number, name)
                .orElseThrow(() -> new IllegalStateException("no " + name));
    }

    private NDArray norm(NDArray x, String name) {
        return linear.norm(x, tensor(name + ".weight"), shape.normEpsilon());
    }

    private NDArray project(NDArray x, String name) {
        return linear(x, "self_attn." + name);
    }

    private NDArray linear(NDArray x, String name) {
        inputs.input(name, x);
        NDArray product = linear.apply(x, tensor(name + ".weight"));
        Optional<SourceTensor> bias = weights.find(number, name + ".bias");
        return bias.isEmpty() ? product : product.add(linear.vector(bias.get(), x.getManager()));
    }

    private NDArray attend(NDArray x, TokenRows rows) {
        NDArray queries = heads(x, "q_proj", "q_norm", shape.heads());
        NDArray keys = heads(x, "k_proj", "k_norm", shape.keyHeads());
        NDArray values = heads(x, "v_proj", "v_norm", shape.keyHeads());
        return new Attention(shape).apply(number, queries, keys, values, rows);
    }

    /// (tokens, heads, head size), normalised by head in models with such norms.
    private NDArray heads(NDArray x, String projection, String norm, int heads) {
        NDArray split =
                project(x, projection).reshape(x.getShape().get(0), heads, shape.headSize());
        return weights.find(number, "self_attn." + norm + ".weight")
                .map(weight -> linear.norm(split, weight, shape.normEpsilon()))
                .orElse(split);
    }

    // Processes some rows of tokens at a time, since the intermediate results are the largest
    // arrays.
    private NDArray mlp(NDArray x) {
        long tokens = x.getShape().get(0);
        long width = tensor("mlp.gate_proj.weight").elements() / shape.hidden();
        long rows = Math.clamp(MLP_ELEMENTS / width, 1, tokens);
        NDList parts = new NDList();
        for (long first = 0; first < tokens; first += rows) {
            long end = Math.min(tokens, first + rows);
            try (NDManager step = x.getManager().newSubManager()) {
                NDArray some = x.get(new NDIndex().addSliceDim(first, end));
                some.attach(step);
                NDArray gate = linear(some, "mlp.gate_proj");
                NDArray gated = gate.div(gate.neg().exp().addi(1));
                NDArray part = linear(gated.muli(linear(some, "mlp.up_proj")), "mlp.down_proj");
                part.attach(x.getManager());
                parts.add(part);
            }
        }
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }
}
