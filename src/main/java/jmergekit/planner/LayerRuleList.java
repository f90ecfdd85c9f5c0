package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.model.ConfigEntries;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A list that can replace a [LayerRule].
///
/// @param modelTypes the model types whose loaders support it; all if empty
sealed interface LayerRuleList {
    Set<String> modelTypes();

    /// The settings that say which layers are special.
    Map<String, JsonNode> settings(List<Boolean> special);

    default boolean isUnderstood(ObjectNode config) {
        return modelTypes().isEmpty() || modelTypes().contains(ConfigEntries.modelType(config));
    }

    /// One word for each layer.
    record Words(String key, String special, String other, Set<String> modelTypes)
            implements LayerRuleList {
        @Override
        public Map<String, JsonNode> settings(List<Boolean> layers) {
            ArrayNode words = JsonNodeFactory.instance.arrayNode();
            layers.forEach(s -> words.add(s ? special : other));
            return Map.of(key, words);
        }
    }

    /// 0 for special layers, 1 for the others.
    record Zeros(String key, Set<String> modelTypes) implements LayerRuleList {
        @Override
        public Map<String, JsonNode> settings(List<Boolean> layers) {
            ArrayNode flags = JsonNodeFactory.instance.arrayNode();
            layers.forEach(s -> flags.add(s ? 0 : 1));
            return Map.of(key, flags);
        }
    }

    /// The numbers of the special layers.
    record Numbers(String key, Set<String> modelTypes) implements LayerRuleList {
        @Override
        public Map<String, JsonNode> settings(List<Boolean> layers) {
            return Map.of(key, numbers(layers, true));
        }
    }

    /// The numbers of the layers that are not special; the rule itself is changed to make all
    /// layers special.
    record Exceptions(String key, String rule) implements LayerRuleList {
        @Override
        public Set<String> modelTypes() {
            return Set.of();
        }

        @Override
        public Map<String, JsonNode> settings(List<Boolean> layers) {
            return Map.of(
                    rule, JsonNodeFactory.instance.numberNode(1), key, numbers(layers, false));
        }
    }

    private static ArrayNode numbers(List<Boolean> layers, boolean special) {
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, layers.size())
                .filter(k -> layers.get(k) == special)
                .forEach(numbers::add);
        return numbers;
    }
}
