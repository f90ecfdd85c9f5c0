package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import jmergekit.model.ConfigEntries;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A setting that distinguishes two kinds of layers by their numbers, such as
/// `full_attention_interval: 4`.
///
/// @param key the setting
/// @param form how its value is interpreted
/// @param defaults the value by `model_type`, for configurations that omit it
/// @param lists settings with one value per layer that override it
/// @param written how a list expresses the same, if a loader supports one
record LayerRule(
        String key,
        Form form,
        Map<String, Integer> defaults,
        Set<String> lists,
        Optional<LayerRuleList> written) {

    /// Which layers are special, given the value `n`.
    enum Form {
        /// Layers n - 1, 2n - 1 and so on.
        LAST_OF_EACH {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n > 0 && layer % n == n - 1;
            }
        },
        /// Layers 0, n, 2n and so on.
        FIRST_OF_EACH {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n > 0 && layer % n == 0;
            }
        },
        /// Layers 0, n, 2n and so on, for ModernBERT; the last of each n layers, for others.
        FIRST_OR_LAST_OF_EACH {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                boolean first = ConfigEntries.modelType(config).startsWith("modernbert");
                return (first ? FIRST_OF_EACH : LAST_OF_EACH).isSpecial(layer, layers, n, config);
            }
        },
        /// The last of each n layers, except the layers that `mlp_only_layers` lists.
        LAST_OF_EACH_UNLISTED {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                for (JsonNode number : config.path("mlp_only_layers")) {
                    if (number.isIntegralNumber() && number.asInt(-1) == layer) {
                        return false;
                    }
                }
                return LAST_OF_EACH.isSpecial(layer, layers, n, config);
            }
        },
        /// Layers o, o + n and so on, where another setting gives o.
        ATTENTION_OFFSET {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n > 0 && layer % n == config.path("attn_layer_offset").asInt(n / 2);
            }
        },
        EXPERT_OFFSET {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n > 0 && layer % n == config.path("expert_layer_offset").asInt(n / 2);
            }
        },
        /// The first n layers.
        LEADING {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return layer < n;
            }
        },
        /// The first n layers, for models that use windows at all.
        LEADING_BEFORE_WINDOWS {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return !config.path("use_sliding_window").asBoolean(false) || layer < n;
            }
        },
        /// The layers up to n, or all if that is negative.
        UP_TO {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n < 0 || layer <= n;
            }
        },
        /// The last n layers.
        TRAILING {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                return n > 0 && layer >= layers - n;
            }
        };

        abstract boolean isSpecial(int layer, int layers, int n, ObjectNode config);
    }

    /// Whether a layer is special; empty if this rule does not apply to the configuration.
    ///
    /// @param layers the number of layers
    Optional<Boolean> isSpecial(ObjectNode config, int layer, int layers) {
        OptionalInt value = value(config);
        if (value.isEmpty() || isOverruled(config, layers)) {
            return Optional.empty();
        }
        return Optional.of(form.isSpecial(layer, layers, value.getAsInt(), config));
    }

    private boolean isOverruled(ObjectNode config, int layers) {
        boolean numbered =
                written.isPresent()
                        && written.get() instanceof LayerRuleList.Numbers(String list, _)
                        && config.path(list).isArray();
        return numbered
                || lists.stream()
                        .map(config::path)
                        .anyMatch(l -> l.isArray() && l.size() == layers && layers > 0);
    }

    /// The value of the setting in a configuration, or its default.
    OptionalInt value(ObjectNode config) {
        JsonNode value = config.path(key);
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return OptionalInt.of(value.intValue());
        }
        Integer byDefault = defaults.get(ConfigEntries.modelType(config));
        return byDefault == null || !value.isMissingNode()
                ? OptionalInt.empty()
                : OptionalInt.of(byDefault);
    }

    /// A list that says for each layer of the output whether it is special in its own model.
    ///
    /// @param special whether each layer is special
    Map<String, JsonNode> written(ObjectNode config, List<Boolean> special) {
        return written.filter(w -> w.isUnderstood(config))
                .map(w -> w.settings(special))
                .orElse(Map.of());
    }
}
