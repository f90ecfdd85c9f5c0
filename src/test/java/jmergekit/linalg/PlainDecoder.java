package jmergekit.linalg;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.ArrayTensor;

/// A decoder of random weights, run in loops over float64.
final class PlainDecoder implements LanguageWeights {
    private final DecoderShape shape;
    private final Map<String, float[]> tensors = new HashMap<>();
    private final Random random = new Random(5);

    /// @param width of the MLP
    PlainDecoder(DecoderShape shape, int tokens, int width, boolean biases, boolean headNorms) {
        this.shape = shape;
        int queries = shape.heads() * shape.headSize();
        int keys = shape.keyHeads() * shape.headSize();
        tensors.put("embeddings", random(tokens * shape.hidden(), 1));
        for (int layer = 0; layer < shape.layers(); layer++) {
            String prefix = layer + ".";
            linear(prefix + "self_attn.q_proj", queries, shape.hidden(), biases);
            linear(prefix + "self_attn.k_proj", keys, shape.hidden(), biases);
            linear(prefix + "self_attn.v_proj", keys, shape.hidden(), biases);
            linear(prefix + "self_attn.o_proj", shape.hidden(), queries, false);
            linear(prefix + "mlp.gate_proj", width, shape.hidden(), false);
            linear(prefix + "mlp.up_proj", width, shape.hidden(), false);
            linear(prefix + "mlp.down_proj", shape.hidden(), width, false);
            tensors.put(prefix + "input_layernorm.weight", random(shape.hidden(), 1));
            tensors.put(prefix + "post_attention_layernorm.weight", random(shape.hidden(), 1));
            if (headNorms) {
                tensors.put(prefix + "self_attn.q_norm.weight", random(shape.headSize(), 1));
                tensors.put(prefix + "self_attn.k_norm.weight", random(shape.headSize(), 1));
            }
        }
        tensors.put("norm", random(shape.hidden(), 1));
        tensors.put("head", random(tokens * shape.hidden(), 1 / Math.sqrt(shape.hidden())));
    }

    private void linear(String name, int outputs, int inputs, boolean bias) {
        tensors.put(name + ".weight", random(outputs * inputs, 1 / Math.sqrt(inputs)));
        if (bias) {
            tensors.put(name + ".bias", random(outputs, 0.5));
        }
    }

    private float[] random(int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    /// Uses the embeddings as the head.
    PlainDecoder tied() {
        tensors.put("head", tensors.get("embeddings"));
        return this;
    }

    /// The names of all tensors.
    Set<String> names() {
        return tensors.keySet();
    }

    /// The values of a tensor, which may be changed.
    float[] values(String name) {
        return tensors.get(name);
    }

    @Override
    public SourceTensor embeddings() {
        return new ArrayTensor(tensors.get("embeddings"));
    }

    @Override
    public Optional<SourceTensor> find(int layer, String name) {
        return Optional.ofNullable(tensors.get(layer + "." + name)).map(ArrayTensor::new);
    }

    @Override
    public SourceTensor finalNorm() {
        return new ArrayTensor(tensors.get("norm"));
    }

    @Override
    public SourceTensor head() {
        return new ArrayTensor(tensors.get("head"));
    }

    /// What the model says comes after each token of a text, (tokens, vocabulary).
    double[][] logits(int[] text) {
        double[][] x = norm(states(text, shape.layers()), "norm");
        float[] head = tensors.get("head");
        double[][] logits = new double[x.length][head.length / shape.hidden()];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < logits[t].length; o++) {
                for (int i = 0; i < shape.hidden(); i++) {
                    logits[t][o] += head[o * shape.hidden() + i] * x[t][i];
                }
            }
        }
        return logits;
    }

    /// The states of a text's tokens at the input of a layer, (tokens, hidden).
    double[][] states(int[] text, int layer) {
        double[][] x = new double[text.length][shape.hidden()];
        for (int t = 0; t < text.length; t++) {
            for (int i = 0; i < shape.hidden(); i++) {
                x[t][i] = tensors.get("embeddings")[text[t] * shape.hidden() + i];
            }
        }
        for (int i = 0; i < layer; i++) {
            x = layer(x, i + ".");
        }
        return x;
    }

    private double[][] layer(double[][] x, String prefix) {
        double[][] attended = attend(norm(x, prefix + "input_layernorm.weight"), prefix);
        double[][] y = sum(x, linear(attended, prefix + "self_attn.o_proj"));
        double[][] h = norm(y, prefix + "post_attention_layernorm.weight");
        double[][] gate = linear(h, prefix + "mlp.gate_proj");
        double[][] up = linear(h, prefix + "mlp.up_proj");
        for (int t = 0; t < gate.length; t++) {
            for (int i = 0; i < gate[t].length; i++) {
                gate[t][i] *= up[t][i] / (1 + Math.exp(-gate[t][i]));
            }
        }
        return sum(y, linear(gate, prefix + "mlp.down_proj"));
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < sum[t].length; i++) {
                sum[t][i] = a[t][i] + b[t][i];
            }
        }
        return sum;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = tensors.get(name + ".weight");
        float[] bias = tensors.get(name + ".bias");
        int inputs = x[0].length;
        double[][] y = new double[x.length][weight.length / inputs];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < y[t].length; o++) {
                y[t][o] = bias == null ? 0 : bias[o];
                for (int i = 0; i < inputs; i++) {
                    y[t][o] += weight[o * inputs + i] * x[t][i];
                }
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = norm(x[t], tensors.get(name));
        }
        return y;
    }

    private double[] norm(double[] x, float[] weight) {
        double squares = 0;
        for (double v : x) {
            squares += v * v;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] / Math.sqrt(squares / x.length + shape.normEpsilon()) * weight[i];
        }
        return y;
    }

    private double[][] attend(double[][] x, String prefix) {
        double[][] queries = linear(x, prefix + "self_attn.q_proj");
        double[][] keys = linear(x, prefix + "self_attn.k_proj");
        double[][] values = linear(x, prefix + "self_attn.v_proj");
        int size = shape.headSize();
        double[][] out = new double[x.length][shape.heads() * size];
        for (int head = 0; head < shape.heads(); head++) {
            int keyHead = head / (shape.heads() / shape.keyHeads());
            for (int t = 0; t < x.length; t++) {
                double[] query = rotated(queries[t], head, t, prefix + "self_attn.q_norm.weight");
                double[] weights = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double[] key = rotated(keys[s], keyHead, s, prefix + "self_attn.k_norm.weight");
                    double dot = 0;
                    for (int i = 0; i < size; i++) {
                        dot += query[i] * key[i];
                    }
                    weights[s] = Math.exp(dot / Math.sqrt(size));
                    total += weights[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        out[t][head * size + i] +=
                                weights[s] / total * values[s][keyHead * size + i];
                    }
                }
            }
        }
        return out;
    }

    private double[] rotated(double[] row, int head, int position, String norm) {
        int size = shape.headSize();
        double[] x = new double[size];
        System.arraycopy(row, head * size, x, 0, size);
        if (tensors.containsKey(norm)) {
            x = norm(x, tensors.get(norm));
        }
        double[] y = new double[size];
        for (int i = 0; i < size / 2; i++) {
            double angle = position * shape.rotary().angles()[i];
            double a = x[i];
            double b = x[i + size / 2];
            y[i] = shape.rotary().magnitude() * (a * Math.cos(angle) - b * Math.sin(angle));
            y[i + size / 2] =
                    shape.rotary().magnitude() * (b * Math.cos(angle) + a * Math.sin(angle));
        }
        return y;
    }
}
