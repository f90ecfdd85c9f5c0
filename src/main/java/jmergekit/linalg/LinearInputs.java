package jmergekit.linalg;

import ai.djl.ndarray.NDArray;

/// Receives the inputs of a layer's linear modules while the layer is applied.
interface LinearInputs {
    LinearInputs NONE = (_, _) -> {};

    /// @param module such as `self_attn.q_proj`
    /// @param x (tokens, inputs), valid during the call. A module may receive its tokens in several
    ///     calls, in order.
    void input(String module, NDArray x);
}
