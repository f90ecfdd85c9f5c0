package jmergekit.moe;

import java.util.Map;
import java.util.TreeMap;
import jmergekit.linalg.DecoderShape;
import jmergekit.plan.TaskInput;
import jmergekit.planner.Findings;
import jmergekit.tensor.Shape;

/// The tensors that a layer needs to be run, and their shapes.
final class DecoderTensors {
    private final Map<String, Shape> required = new TreeMap<>();
    private final Map<String, Shape> optional = new TreeMap<>();

    /// @param width rows of the gate and up matrices of the MLP
    DecoderTensors(DecoderShape shape, long width) {
        long hidden = shape.hidden();
        long queries = (long) shape.heads() * shape.headSize();
        long keys = (long) shape.keyHeads() * shape.headSize();
        linear("self_attn.q_proj", queries, hidden);
        linear("self_attn.k_proj", keys, hidden);
        linear("self_attn.v_proj", keys, hidden);
        linear("self_attn.o_proj", hidden, queries);
        linear("mlp.gate_proj", width, hidden);
        linear("mlp.up_proj", width, hidden);
        linear("mlp.down_proj", hidden, width);
        required.put("input_layernorm.weight", Shape.of(hidden));
        required.put("post_attention_layernorm.weight", Shape.of(hidden));
        optional.put("self_attn.q_norm.weight", Shape.of(shape.headSize()));
        optional.put("self_attn.k_norm.weight", Shape.of(shape.headSize()));
    }

    private void linear(String name, long outputs, long inputs) {
        required.put(name + ".weight", Shape.of(outputs, inputs));
        optional.put(name + ".bias", Shape.of(outputs));
    }

    /// @param label how messages call the model
    /// @param prefix of the layer
    void check(String label, String prefix, Map<String, TaskInput> tensors, Findings findings) {
        required.forEach((name, shape) -> {
            if (!tensors.containsKey(name)) {
                findings.add(label, "tensor '%s%s' is missing".formatted(prefix, name));
            }
        });
        tensors.forEach((name, source) -> {
            Shape expected = required.getOrDefault(name, optional.get(name));
            Shape found = source.spec().shape();
            if (expected != null && !found.equals(expected)) {
                findings.add(
                        label,
                        "tensor '%s%s' is %s, expected %s"
                                .formatted(prefix, name, found, expected));
            }
        });
    }
}
