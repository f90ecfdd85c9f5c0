package jmergekit.arch;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The facts about architectures that tensor names alone cannot tell.
///
/// Source: the configurations and state dictionaries of models in the Hugging Face format.
final class ArchitectureFacts {
    /// The word before a layer's number.
    static final Set<String> LAYER_WORDS =
            Set.of("layers", "layer", "h", "blocks", "block", "resblocks");

    /// Where config.json keeps the number of layers, most specific first.
    static final List<List<String>> ENCODER_COUNTS =
            List.of(
                    List.of("encoder_layers"),
                    List.of("num_encoder_layers"),
                    List.of("num_layers"));

    static final List<List<String>> DECODER_COUNTS =
            List.of(
                    List.of("decoder_layers"),
                    List.of("num_decoder_layers"),
                    List.of("num_hidden_layers"),
                    List.of("num_layers"));

    static final List<List<String>> VISION_COUNTS =
            List.of(
                    List.of("vision_config", "num_hidden_layers"),
                    List.of("vision_config", "depth"),
                    List.of("vision_config", "num_layers"),
                    List.of("audio_config", "num_hidden_layers"),
                    List.of("audio_config", "encoder_layers"));

    static final List<List<String>> TEXT_COUNTS =
            List.of(
                    List.of("text_config", "num_hidden_layers"),
                    List.of("language_config", "num_hidden_layers"),
                    List.of("llm_config", "num_hidden_layers"),
                    List.of("num_hidden_layers"),
                    List.of("n_layer"),
                    List.of("n_layers"),
                    List.of("num_layers"),
                    List.of("decoder_layers"),
                    List.of("encoder_layers"));

    /// Prefixes of stacks that see images or sound, not text.
    static final Pattern PERCEPTION =
            Pattern.compile("(^|\\.|_)(vision|visual|image|audio|speech|vpm|apm|sam)(_|\\.|$|\\w)");

    /// Names that belong before the layers. Everything else that has no number comes after them.
    static final Pattern BEFORE =
            Pattern.compile(
                    "(^|\\.)(\\w*embed(ding)?s?(_\\w+)?|wte|wpe|\\w*_embeddings?\\w*|shared|conv1|conv2"
                            + "|emb|patch_conv|ln_pre|pre_layrnorm|project_in)\\.");

    /// Names that look like embeddings and belong after the layers: the head of GPT-NeoX, the last
    /// projection of OPT.
    static final Pattern NOT_BEFORE = Pattern.compile("(^|\\.)(embed_out|project_out)\\.");

    /// Input embeddings: one row for each token of the vocabulary.
    static final Pattern INPUT_EMBEDDINGS =
            Pattern.compile(
                    "(^|\\.)(embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared"
                            + "|backbone\\.embeddings|transformer\\.embedding\\.word_embeddings)"
                            + "\\.weight$");

    /// Modules that look rows up, one for each token, position or distance. Weights of the same names
    /// with more dimensions are convolutions.
    static final Pattern LOOKUPS =
            Pattern.compile(
                    "(^|\\.)(\\w*embed_tokens\\w*|embed_in|embed_positions|\\w*_embeddings?|embeddings"
                            + "|wte|wpe|shared|relative_attention_bias)\\.weight$");

    /// Output heads: one row for each token of the vocabulary.
    static final Pattern HEADS =
            Pattern.compile(
                    "(^|\\.)(lm_head|embed_out|proj_out|cls\\.predictions\\.decoder"
                            + "|vocab_projector|output_layer|lm_head\\.decoder)\\.weight$");

    /// Further tensors with one row or element for each token of the vocabulary: biases of heads,
    /// and embeddings for each layer.
    static final Pattern OTHERS_BY_TOKEN =
            Pattern.compile(
                    "(^|\\.)((lm_head|lm_head\\.decoder|embed_out|cls\\.predictions"
                            + "|cls\\.predictions\\.decoder|vocab_projector|output_layer)\\.bias"
                            + "|final_logits_bias|embed_tokens_per_layer\\.weight)$");

    /// Tensors that a model may lack altogether: biases, norms of queries and keys, buffers that are
    /// computed from the configuration, poolers.
    static final Pattern OPTIONAL =
            Pattern.compile(
                    "(\\.bias$)|(\\.(q|k)_?(layer)?norm\\.)|(inv_freq$)|(masked_bias$)"
                            + "|(position_ids$)|(token_type_ids$)|((^|\\.)pooler\\.)");

    /// Names of classes around a network, which a checkpoint's names begin with or not, depending on
    /// the class it was saved from.
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
