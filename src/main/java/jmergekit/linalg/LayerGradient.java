package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;

/// The gradient of a decoder layer for a slice of texts: the layer is computed again with all
/// intermediate results, then differentiated from its output to its input.
///
/// The gradient of a linear module's weight is, for one text, the product of the transposed gradient
/// at the module's output and its input. Both are kept, so that the caller can make this product
/// text by text and block by block.
final class LayerGradient {
    private final int number;
    private final DecoderShape shape;
    private final DecoderWeights weights;
    private final LinearLayer linear;
    private final TokenRows rows;
    private final NDManager owner;
    private final List<Product> products = new ArrayList<>();
    private final List<Summand> summands = new ArrayList<>();

    /// A module's input, (tokens, inputs), and the gradient at its output, (tokens, outputs).
    record Product(String module, NDArray x, NDArray gradient) {}

    /// What each token adds to the gradient of a vector, (tokens, size).
    record Summand(String tensor, NDArray ofTokens) {}

    /// @param rows of the slice's texts
    /// @param owner of all arrays
    LayerGradient(
            int number,
            DecoderShape shape,
            DecoderWeights weights,
            LinearLayer linear,
            TokenRows rows,
            NDManager owner) {
        this.number = number;
        this.shape = shape;
        this.weights = weights;
        this.linear = linear;
        this.rows = rows;
        this.owner = owner;
    }

    /// The gradients of the weights of linear modules, as products.
    List<Product> products() {
        return products;
    }

    /// The gradients of norms and biases, by token.
    List<Summand> summands() {
        return summands;
    }

    /// @param x the layer's input, (tokens, hidden)
    /// @param gradient at the layer's output
    /// @return the gradient at the layer's input
    NDArray apply(NDArray x, NDArray gradient) {
        RmsNorm first = norm(x, "input_layernorm.weight");
        NDArray h = first.output();
        Heads queries = heads(h, "q_proj", "q_norm", shape.heads());
        Heads keys = heads(h, "k_proj", "k_norm", shape.keyHeads());
        Heads values = heads(h, "v_proj", "v_norm", shape.keyHeads());
        AttentionGradient attention =
                new AttentionGradient(
                        shape, rows, queries.output(), keys.output(), values.output());
        NDArray attended = attention.output();
        NDArray y = x.add(output(attended, "self_attn.o_proj"));
        RmsNorm second = norm(y, "post_attention_layernorm.weight");
        NDArray atY = gradient.add(second.gradient(mlp(second.output(), gradient)));
        keep(second, "post_attention_layernorm.weight");
        attention.differentiate(input(attended, "self_attn.o_proj", atY));
        NDArray atH = queries.gradient(attention.queries());
        atH.addi(keys.gradient(attention.keys()));
        atH.addi(values.gradient(attention.values()));
        NDArray result = atY.add(first.gradient(atH));
        keep(first, "input_layernorm.weight");
        return result;
    }

    /// The gradient at the input of the MLP.
    private NDArray mlp(NDArray h, NDArray gradient) {
        NDArray gate = output(h, "mlp.gate_proj");
        NDArray up = output(h, "mlp.up_proj");
        NDArray sigmoid = gate.neg().exp().addi(1).pow(-1);
        NDArray silu = gate.mul(sigmoid);
        NDArray atProduct = input(silu.mul(up), "mlp.down_proj", gradient);
        NDArray slope = gate.mul(sigmoid.neg().addi(1)).addi(1).muli(sigmoid);
        NDArray atGate = atProduct.mul(up).muli(slope);
        NDArray result = input(h, "mlp.gate_proj", atGate);
        result.addi(input(h, "mlp.up_proj", atProduct.muli(silu)));
        return result;
    }

    private SourceTensor tensor(String name) {
        return weights.find(number, name)
                .orElseThrow(() -> new IllegalStateException("no " + name));
    }

    private RmsNorm norm(NDArray x, String tensor) {
        return new RmsNorm(x, linear.vector(tensor(tensor), owner), shape.normEpsilon());
    }

    private void keep(RmsNorm norm, String tensor) {
        summands.add(new Summand(tensor, norm.ofWeight()));
    }

    /// A linear module's output.
    private NDArray output(NDArray x, String module) {
        NDArray product = linear.apply(x, tensor(module + ".weight"));
        Optional<SourceTensor> bias = weights.find(number, module + ".bias");
        return bias.isEmpty() ? product : product.add(linear.vector(bias.get(), owner));
    }

    /// The gradient at a linear module's input.
    private NDArray input(NDArray x, String module, NDArray gradient) {
        products.add(new Product(module, x, gradient));
        if (weights.find(number, module + ".bias").isPresent()) {
            summands.add(new Summand(module + ".bias", gradient));
        }
        return linear.applyTransposed(gradient, tensor(module + ".weight"), x.getShape().get(1));
    }

    private Heads heads(NDArray x, String projection, String norm, int count) {
        return new Heads(x, "self_attn." + projection, "self_attn." + norm + ".weight", count);
    }

    /// Queries, keys or values, normalised by head in models with such norms.
    private final class Heads {
        private final NDArray x;
        private final String module;
        private final String normName;
        private final Optional<RmsNorm> norm;
        private final NDArray split;

        Heads(NDArray x, String module, String normName, int count) {
            this.x = x;
            this.module = module;
            this.normName = normName;
            this.split =
                    LayerGradient.this
                            .output(x, module)
                            .reshape(x.getShape().get(0), count, shape.headSize());
            this.norm =
                    weights.find(number, normName)
                            .map(w ->
                                    new RmsNorm(
                                            split, linear.vector(w, owner), shape.normEpsilon()));
        }

        /// (tokens, heads, head size)
        NDArray output() {
            return norm.map(RmsNorm::output).orElse(split);
        }

        /// @param gradient at the output
        /// @return the gradient at the module's input
        NDArray gradient(NDArray gradient) {
            NDArray atSplit = norm.map(n -> n.gradient(gradient)).orElse(gradient);
            norm.ifPresent(
                    n -> summands.add(new Summand(normName, n.ofWeight().sum(new int[] {1}))));
            return input(x, module, atSplit.reshape(x.getShape().get(0), -1));
        }
    }
}
