package jmergekit.moe;

import java.util.regex.Pattern;

/// The tensors of a Llama-like layer outside its MLP.
final class LayerTensors {
    private static final String COMMON =
            "self_attn\\.[qkvo]_proj\\.weight|(input|post_attention)_layernorm\\.weight"
                    + "|self_attn\\.rotary_emb\\.inv_freq";

    private LayerTensors() {}

    /// The tensors that all of these models have.
    static Pattern common() {
        return Pattern.compile(COMMON);
    }

    /// These tensors, and those that `more` matches.
    static Pattern and(String more) {
        return Pattern.compile(COMMON + "|" + more);
    }
}
