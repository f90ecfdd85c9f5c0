package jmergekit.config;

import java.util.List;

/// The keys of recipes of mixtures and of layer slices.
final class MixtureKeys {
    private MixtureKeys() {}

    static List<Key> recipe() {
        return List.of(
                Key.of(
                        "name",
                        Form.text(),
                        "What a later recipe of the same file calls the result."),
                Key.required(
                        "base_model",
                        new Form.Model(),
                        "The model that attention, norms, embeddings, `config.json` and tokenizer"
                                + " come from."),
                Key.of(
                        "gate_mode",
                        new Form.Words(GateMode.names()),
                        "Where the gates' rows come from. Default: `hidden`, the base model's states"
                                + " at the prompts."),
                TokenizerKeys.dtype(),
                Key.of(
                        "experts_per_token",
                        Form.count(1),
                        "How many experts see each token. Default: 2."),
                Key.required("experts", Form.listOf(Section.EXPERT), "The experts."),
                Key.of(
                        "shared_experts",
                        Form.listOf(Section.EXPERT),
                        "Experts that see every token, in families that have them."),
                Key.of(
                        "architecture",
                        new Form.Named(Naming.FAMILY),
                        "The family of the output. Default: the first one that fits."));
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
                        "Texts that the expert is for. Gate modes that use prompts need them."),
                Key.of("negative_prompts", prompts, "Texts that the expert is not for."),
                Key.of("residual_scale", Form.number(), "What `down_proj` is multiplied by."),
                Key.of(
                        "noise_scale",
                        new Form.Number(0),
                        "Standard deviation of normal noise that is added to the three matrices."));
    }

    static List<Key> layerSlices() {
        return List.of(
                Key.required(
                        "layer_slices",
                        Form.listOf(Section.LAYER_SLICE),
                        "Slices of the output, from the first layers to the last."),
                Key.of("embedding_source", new Form.Model(), "The model with the embeddings."),
                Key.of("lm_head_source", new Form.Model(), "The model with the head."));
    }

    static List<Key> layerSlice() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that the layers come from."),
                Key.required("start", Form.count(0), "The first layer, counted from 0."),
                Key.required("end", Form.count(1), "The layer after the last."),
                Key.of(
                        "scale",
                        new Form.Nothing(),
                        "Refused: which tensors it multiplies is not documented."));
    }
}
