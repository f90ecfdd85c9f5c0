package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import jmergekit.model.ConfigEntries;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A setting that tells two kinds of layers from each other by their numbers, such as
/// `full_attention_interval: 4`.
///
/// @param key the setting
/// @param form how its value is meant
/// @param defaults the value by `model_type`, for configurations that leave it out
/// @param lists settings with one value for each layer that overrule it
/// @param written how a list says the same, if a loader understands one
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
        /// Layers 0, n, 2n and so on of ModernBERT, the last of each n of others.
        FIRST_OR_LAST_OF_EACH {
            @Override
            boolean isSpecial(int layer, int layers, int n, ObjectNode config) {
                boolean first = ConfigEntries.modelType(config).startsWith("modernbert");
                return (first ? FIRST_OF_EACH : LAST_OF_EACH).isSpecial(layer, layers, n, config);
            }
        },
        /// The last of each n layers, but for the layers that `mlp_only_layers` lists.
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
        /// Layers o, o + n and so on, where another setting says o.
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
        /// The same, for models that use windows at all.
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

    /// Whether a layer is special; empty if the configuration does not say it by this rule.
    ///
    /// @param layers how many there are
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

    /// What the setting is in a configuration, or by default.
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

    /// The list that says for each of an output's layers what the rule says of it in its own model.
    ///
    /// @param special of each layer
    Map<String, JsonNode> written(ObjectNode config, List<Boolean> special) {
        return written.filter(w -> w.isUnderstood(config))
                .map(w -> w.settings(special))
                .orElse(Map.of());
    }
}
