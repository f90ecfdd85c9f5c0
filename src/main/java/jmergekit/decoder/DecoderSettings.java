package jmergekit.decoder;

import jmergekit.linalg.DecoderShape;
import jmergekit.linalg.RotaryFrequencies;
import jmergekit.model.ConfigEntries;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings in config.json for running a model.
public final class DecoderSettings {
    private static final String FACTOR = "factor";
    private static final String ORIGINAL = "original_max_position_embeddings";

    /// More than any model has; tables of angles have this length.
    private static final int MOST_HEAD_SIZE = 1 << 16;

    private final ObjectNode json;
    private final String where;

    private final String hint;

    private DecoderSettings(ObjectNode json, String where, String hint) {
        this.json = json;
        this.where = where;
        this.hint = hint;
    }

    /// @param hint what to do if a model cannot be run
    public static DecoderSettings of(ModelConfig config, String hint) {
        ObjectNode json = config.json().deepCopy();
        DecoderDefaults.spellOut(json);
        return new DecoderSettings(json, config.where(), hint);
    }

    /// The size of a token's state.
    ///
    /// @throws MergeException if it is missing
    public int hidden() {
        return size("hidden_size");
    }

    /// @throws MergeException if a setting is missing or not supported
    public DecoderShape shape(int layers, int hidden) {
        int heads = size("num_attention_heads");
        int keyHeads = size("num_key_value_heads");
        int headSize = json.hasNonNull("head_dim") ? size("head_dim") : hidden / heads;
        if (heads % keyHeads != 0 || headSize < 2 || headSize % 2 != 0) {
            throw new MergeException(
                    refused("unsupported attention heads")
                            .found(
                                    "%d of size %d, and %d for keys"
                                            .formatted(heads, headSize, keyHeads)));
        }
        if (headSize > MOST_HEAD_SIZE) {
            throw new MergeException(
                    refused("heads are too large")
                            .expected("at most " + MOST_HEAD_SIZE)
                            .found(String.valueOf(headSize)));
        }
        return new DecoderShape(
                layers,
                hidden,
                heads,
                keyHeads,
                headSize,
                number(json, "rms_norm_eps"),
                rotary(headSize));
    }

    /// The maximum number of tokens of a text for which every token attends to all earlier ones.
    ///
    /// @throws MergeException if it is missing
    public int longestText() {
        int longest = size("max_position_embeddings");
        boolean slides = json.path("use_sliding_window").asBoolean(!isQwen());
        return slides && json.hasNonNull("sliding_window")
                ? Math.min(longest, size("sliding_window"))
                : longest;
    }

    // Qwen's configurations have a window that is only used if they enable it.
    private boolean isQwen() {
        return ConfigEntries.modelType(json).startsWith("qwen");
    }

    private RotaryFrequencies rotary(int headSize) {
        JsonNode parameters = json.path("rope_parameters");
        JsonNode scaling = parameters.isObject() ? parameters : json.path("rope_scaling");
        double theta =
                parameters.hasNonNull("rope_theta")
                        ? number(parameters, "rope_theta")
                        : number(json, "rope_theta");
        RotaryFrequencies plain = RotaryFrequencies.of(theta, headSize);
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        return switch (type) {
            // The dynamic type only scales beyond the maximum length.
            case "default", "dynamic" -> plain;
            case "linear" -> plain.linear(number(scaling, FACTOR));
            case "llama3" ->
                    plain.llama3(
                            number(scaling, FACTOR),
                            number(scaling, "low_freq_factor"),
                            number(scaling, "high_freq_factor"),
                            number(scaling, ORIGINAL));
            case "yarn" ->
                    plain.yarn(
                            number(scaling, FACTOR),
                            theta,
                            number(
                                    scaling.hasNonNull(ORIGINAL) ? scaling : json,
                                    scaling.hasNonNull(ORIGINAL)
                                            ? ORIGINAL
                                            : "max_position_embeddings"));
            default ->
                    throw new MergeException(
                            refused("this type of rotary embeddings is not supported")
                                    .expected("default, dynamic, linear, llama3 or yarn")
                                    .found("'" + type + "'"));
        };
    }

    private int size(String key) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw missing(key, value);
        }
        return value.intValue();
    }

    private double number(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (!value.isNumber() || !(value.doubleValue() > 0)) {
            throw missing(key, value);
        }
        return value.doubleValue();
    }

    private MergeException missing(String key, JsonNode found) {
        return new MergeException(
                refused("'" + key + "' is missing or wrong")
                        .expected("a number above 0")
                        .found(found.isMissingNode() ? "none" : found.toString()));
    }

    private Problem refused(String what) {
        return Problem.input(where, what).hint(hint);
    }
}
