package jmergekit.arch;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Facts about architectures that cannot be inferred from tensor names.
///
/// Source: the configurations and state dictionaries of models in the Hugging Face format.
final class ArchitectureFacts {
    /// The word before a layer's number.
    static final Set<String> LAYER_WORDS =
            Set.of("layers", "layer", "h", "blocks", "block", "resblocks");

    /// The keys of config.json that count layers, most specific first.
    static final List<String> ENCODER_COUNTS =
            List.of("encoder_layers", "num_encoder_layers", "num_layers", "num_hidden_layers");

    static final List<String> DECODER_COUNTS =
            List.of("decoder_layers", "num_decoder_layers", "num_hidden_layers", "num_layers");

    static final List<String> PERCEPTION_COUNTS =
            List.of(
                    "num_hidden_layers",
                    "depth",
                    "num_layers",
                    "encoder_layers",
                    "num_global_layers",
                    "n_layers");

    static final List<String> TEXT_COUNTS =
            List.of(
                    "num_hidden_layers",
                    "n_layer",
                    "n_layers",
                    "num_layers",
                    "decoder_layers",
                    "encoder_layers");

    /// The keys for layers that predict more than one token.
    static final List<String> AUXILIARY_COUNTS =
            List.of(
                    "num_nextn_predict_layers",
                    "mtp_num_hidden_layers",
                    "num_mtp_layers",
                    "mtp_num_layers",
                    "mtp_num_nextn_predict_layers",
                    "mtp_layers");

    /// The keys for the only stack of a model. Some configurations give the number under two of
    /// these.
    static final List<String> SOLE_COUNTS =
            List.of(
                    "num_hidden_layers",
                    "num_layers",
                    "n_layer",
                    "n_layers",
                    "num_blocks",
                    "n_blocks");

    /// The keys that count the layers of a stack.
    static final Set<String> COUNTS =
            Stream.of(
                            ENCODER_COUNTS,
                            DECODER_COUNTS,
                            PERCEPTION_COUNTS,
                            TEXT_COUNTS,
                            AUXILIARY_COUNTS)
                    .flatMap(List::stream)
                    .collect(Collectors.toUnmodifiableSet());

    /// Prefixes of stacks that a model runs without: layers that predict more than one token, which
    /// many fine-tunes lack. Source: the checkpoints of Qwen3-Next and MiMo.
    static final Pattern AUXILIARY = Pattern.compile("(^|\\.)(mtp\\w*|nextn[\\w-]*)\\.");

    /// The same where the number follows the word, as in DeepSeek-V4's `mtp.0.`
    static final Pattern AUXILIARY_LAYERS =
            Pattern.compile("(^|\\.)(mtp(_layers)?|nextn[\\w-]*)\\.$");

    /// Prefixes of stacks that process images or audio, not text.
    static final Pattern PERCEPTION =
            Pattern.compile("(^|\\.|_)(vision|visual|image|audio|speech|vpm|apm|sam)(_|\\.|$|\\w)");

    /// Tensors that belong before the layers. All others without a number come after them.
    static final Pattern BEFORE =
            Pattern.compile(
                    "(^|\\.)(\\w*embed(ding)?s?(_\\w+)?|wte|wpe|\\w*_embeddings?\\w*|shared|conv1|conv2"
                            + "|emb|patch_conv|ln_pre|pre_layrnorm|project_in)\\.");

    /// Tensors whose names look like embeddings but that belong after the layers: the head of
    /// GPT-NeoX, the last projection of OPT.
    static final Pattern NOT_BEFORE = Pattern.compile("(^|\\.)(embed_out|project_out)\\.");

    /// Input embeddings: one row per token of the vocabulary.
    static final Pattern INPUT_EMBEDDINGS =
            Pattern.compile(
                    "(^|\\.)(embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared"
                            + "|backbone\\.embeddings|transformer\\.embedding\\.word_embeddings)"
                            + "\\.weight$");

    /// Modules that look up rows, one per token, position or distance. Weights with the same names
    /// but more dimensions are convolutions.
    static final Pattern LOOKUPS =
            Pattern.compile(
                    "(^|\\.)(\\w*embed_tokens\\w*|embed_in|embed_positions|\\w*_embeddings?|embeddings"
                            + "|wte|wpe|shared|relative_attention_bias)\\.weight$");

    /// Output heads: one row per token of the vocabulary.
    static final Pattern HEADS =
            Pattern.compile(
                    "(^|\\.)(lm_head|embed_out|proj_out|cls\\.predictions\\.decoder"
                            + "|vocab_projector|output_layer|lm_head\\.decoder)\\.weight$");

    /// Further tensors with one row or element per token of the vocabulary: biases of heads, and
    /// per-layer embeddings.
    static final Pattern OTHERS_BY_TOKEN =
            Pattern.compile(
                    "(^|\\.)((lm_head|lm_head\\.decoder|embed_out|cls\\.predictions"
                            + "|cls\\.predictions\\.decoder|vocab_projector|output_layer)\\.bias"
                            + "|final_logits_bias|embed_tokens_per_layer\\.weight"
                            + "|shared_head\\.head\\.weight)$");

    /// Buffers that are computed from the configuration.
    static final Pattern COMPUTED =
            Pattern.compile("(inv_freq|masked_bias|position_ids|token_type_ids)$");

    /// Tensors that a model may lack: biases, norms of queries and keys, buffers that are computed
    /// from the configuration, poolers.
    static final Pattern OPTIONAL =
            Pattern.compile(
                    "(\\.bias$)|(\\.(q|k)_?(layer)?norm\\.)|(inv_freq$)|(masked_bias$)"
                            + "|(position_ids$)|(token_type_ids$)|((^|\\.)pooler\\.)");

    /// Wrapper classes around a network. Names in a checkpoint start with them or not, depending on
    /// the class that was saved.
    static final Set<String> WRAPPERS =
            Set.of(
                    "model",
                    "language_model",
                    "transformer",
                    "transformers",
                    "backbone",
                    "module",
                    "bert",
                    "roberta",
                    "distilbert",
                    "electra",
                    "deberta",
                    "albert",
                    "mpnet",
                    "gpt_neox");

    private ArchitectureFacts() {}
}
