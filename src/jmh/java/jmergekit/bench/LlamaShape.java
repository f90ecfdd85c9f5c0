package jmergekit.bench;

import java.util.ArrayList;
import java.util.List;

/// The sizes of a Llama model; its embedding and its head are two tensors.
record LlamaShape(
        int layers, int hidden, int intermediate, int heads, int keyValueHeads, int vocabulary) {

    LlamaShape withLayers(int count) {
        return new LlamaShape(count, hidden, intermediate, heads, keyValueHeads, vocabulary);
    }

    List<Weight> weights() {
        List<Weight> all = new ArrayList<>();
        all.add(Weight.matrix("model.embed_tokens.weight", vocabulary, hidden));
        for (int layer = 0; layer < layers; layer++) {
            addLayer(all, "model.layers." + layer + ".");
        }
        all.add(Weight.norm("model.norm.weight", hidden));
        all.add(Weight.matrix("lm_head.weight", vocabulary, hidden));
        return List.copyOf(all);
    }

    private void addLayer(List<Weight> all, String prefix) {
        int keyValue = hidden / heads * keyValueHeads;
        all.add(Weight.norm(prefix + "input_layernorm.weight", hidden));
        all.add(Weight.matrix(prefix + "self_attn.q_proj.weight", hidden, hidden));
        all.add(Weight.matrix(prefix + "self_attn.k_proj.weight", keyValue, hidden));
        all.add(Weight.matrix(prefix + "self_attn.v_proj.weight", keyValue, hidden));
        all.add(Weight.matrix(prefix + "self_attn.o_proj.weight", hidden, hidden));
        all.add(Weight.norm(prefix + "post_attention_layernorm.weight", hidden));
        all.add(Weight.matrix(prefix + "mlp.gate_proj.weight", intermediate, hidden));
        all.add(Weight.matrix(prefix + "mlp.up_proj.weight", intermediate, hidden));
        all.add(Weight.matrix(prefix + "mlp.down_proj.weight", hidden, intermediate));
    }

    long bytes() {
        return weights().stream().mapToLong(Weight::bytes).sum();
    }

    /// Bytes of a mixture with this many experts of this shape, including gates.
    long mixtureBytes(int experts) {
        long mlp = 3L * hidden * intermediate;
        long gate = (long) experts * hidden;
        return bytes() + layers * ((experts - 1) * mlp + gate) * 2;
    }

    /// Bytes in bf16 of two factors of this rank for each matrix in the layers.
    long factorBytes(int rank) {
        return weights().stream()
                .filter(w -> w.name().contains(".layers.") && w.shape().size() == 2)
                .mapToLong(w -> 2L * rank * (w.shape().get(0) + w.shape().get(1)))
                .sum();
    }

    String config() {
        return """
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "hidden_size": %d,
          "intermediate_size": %d,
          "num_hidden_layers": %d,
          "num_attention_heads": %d,
          "num_key_value_heads": %d,
          "vocab_size": %d,
          "max_position_embeddings": 2048,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "hidden_act": "silu",
          "bos_token_id": 1,
          "eos_token_id": 2,
          "tie_word_embeddings": false,
          "torch_dtype": "bfloat16"
        }
        """
                .formatted(hidden, intermediate, layers, heads, keyValueHeads, vocabulary);
    }
}
