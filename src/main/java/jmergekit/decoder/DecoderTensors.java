package jmergekit.decoder;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jmergekit.linalg.DecoderShape;
import jmergekit.tensor.Shape;

/// The tensors that are needed to run a layer, and their shapes.
public final class DecoderTensors {
    /// Angles stored in older files, which follow from the configuration.
    private static final String ANGLES = "self_attn.rotary_emb.inv_freq";

    private static final String MLP = "mlp.";
    private static final String GATE = MLP + "gate_proj.weight";

    private final Map<String, Shape> required = new TreeMap<>();
    private final Map<String, Shape> optional = new TreeMap<>();

    private final long width;

    /// @param width rows of the gate and up matrices of the MLP: [#width]
    public DecoderTensors(DecoderShape shape, long width) {
        this.width = width;
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

    /// Rows of the gate of an MLP; 0 if it is not a matrix.
    public static long width(Shape gate) {
        return gate.rank() == 2 ? gate.size(0) : 0;
    }

    private void linear(String name, long outputs, long inputs) {
        required.put(name + ".weight", Shape.of(outputs, inputs));
        optional.put(name + ".bias", Shape.of(outputs));
    }

    /// Whether a tensor of a layer is used by a run, or may be ignored.
    ///
    /// @param name after the layer's prefix
    public boolean isKnown(String name) {
        return required.containsKey(name) || optional.containsKey(name) || name.equals(ANGLES);
    }

    /// The names after the layer's prefix of all tensors that a run uses if a model has them.
    public List<String> names() {
        return Stream.concat(required.keySet().stream(), optional.keySet().stream())
                .sorted()
                .toList();
    }

    /// Reports tensors of a layer that are missing or have the wrong shape.
    ///
    /// @param prefix of the layer
    /// @param tensors shapes by the names after the prefix
    /// @param wrong receives a fragment for each
    public void check(String prefix, Map<String, Shape> tensors, Consumer<String> wrong) {
        required.forEach((name, shape) -> {
            if (!tensors.containsKey(name)) {
                wrong.accept("tensor '%s%s' is missing".formatted(prefix, name));
            }
        });
        if (width < 1 && tensors.containsKey(GATE)) {
            wrong.accept(
                    "tensor '%s%s' is %s, expected a matrix"
                            .formatted(prefix, GATE, tensors.get(GATE)));
        }
        tensors.forEach((name, found) -> {
            // Their shapes follow from a width.
            if (width < 1 && name.startsWith(MLP)) {
                return;
            }
            Shape expected = required.getOrDefault(name, optional.get(name));
            if (expected != null && !found.equals(expected)) {
                wrong.accept(
                        "tensor '%s%s' is %s, expected %s"
                                .formatted(prefix, name, found, expected));
            }
        });
    }
}
