package jmergekit.config;

import java.util.List;

/// The keys of mixture recipes and `layer_slices` files.
final class MixtureKeys {
    private MixtureKeys() {}

    static List<Key> recipe() {
        return List.of(
                Key.of(
                        "name",
                        Form.text(),
                        "A name that later recipes in the same file use for the result."),
                Key.required(
                        "base_model",
                        new Form.Model(),
                        "The model that provides attention, norms, embeddings, `config.json` and "
                                + "the tokenizer."),
                Key.of(
                        "gate_mode",
                        new Form.Words(GateMode.names()),
                        "How the gate rows are computed. Default: `hidden`, from the base "
                                + "model's hidden states at the prompts."),
                TokenizerKeys.dtype(),
                Key.of(
                        "experts_per_token",
                        Form.count(1),
                        "Number of experts per token. Default: 2."),
                Key.required("experts", Form.listOf(Section.EXPERT), "The experts."),
                Key.of(
                        "shared_experts",
                        Form.listOf(Section.EXPERT),
                        "Experts used for every token, in families that have them."),
                Key.of(
                        "architecture",
                        new Form.Named(Naming.FAMILY),
                        "The model family of the output. Default: the first one that fits."));
    }

    static List<Key> expert() {
        Form prompts = new Form.ListOf(Form.text(), 0);
        return List.of(
                Key.required(
                        "source_model",
                        new Form.Model(),
                        "The model whose MLPs become the expert."),
                Key.of(
                        "positive_prompts",
                        prompts,
                        "Example prompts for the expert. Required by gate modes that use prompts."),
                Key.of(
                        "negative_prompts",
                        prompts,
                        "Example prompts that the expert should not " + "handle."),
                Key.of("residual_scale", Form.number(), "A factor for `down_proj`."),
                Key.of(
                        "noise_scale",
                        new Form.Number(0),
                        "Standard deviation of the normal noise added to the three matrices."));
    }

    static List<Key> layerSlices() {
        return List.of(
                Key.required(
                        "layer_slices",
                        Form.listOf(Section.LAYER_SLICE),
                        "Slices of the output, from the first layers to the last."),
                Key.of(
                        "embedding_source",
                        new Form.Model(),
                        "The model that provides the " + "embeddings."),
                Key.of("lm_head_source", new Form.Model(), "The model that provides the head."));
    }

    static List<Key> layerSlice() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that provides the layers."),
                Key.required("start", Form.count(0), "The first layer, counted from 0."),
                Key.required("end", Form.count(1), "The layer after the last."),
                Key.of(
                        "scale",
                        new Form.Nothing(),
                        "Refused: it is not documented which tensors it multiplies."));
    }
}
