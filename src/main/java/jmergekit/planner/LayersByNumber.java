package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Settings whose keys are layer numbers. transformers 5 pads the numbers with zeros to equal
/// width: `{"05": {"head_dim": 512}, "11": {"head_dim": 512}}`.
final class LayersByNumber {
    private LayersByNumber() {}

    /// What a setting says about one layer; a missing node if it says nothing.
    static JsonNode of(JsonNode setting, int layer) {
        for (Map.Entry<String, JsonNode> entry : setting.properties()) {
            if (isNumber(entry.getKey()) && Integer.parseInt(entry.getKey()) == layer) {
                return entry.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    /// The donor's setting for the output's layers; empty if its keys are not numbers of its
    /// layers.
    ///
    /// @param settings of each model
    /// @param before the number of layers in the donor
    static Optional<JsonNode> rearranged(
            List<JsonNode> settings, ObjectNode donors, List<LayerOrigin> layers, int before) {
        boolean numbered =
                !donors.isEmpty()
                        && donors.propertyNames().stream()
                                .allMatch(k -> isNumber(k) && Integer.parseInt(k) < before);
        if (!numbered) {
            return Optional.empty();
        }
        TreeMap<Integer, JsonNode> values = new TreeMap<>();
        for (int k = 0; k < layers.size(); k++) {
            JsonNode own = settings.get(layers.get(k).model());
            JsonNode value = of(own.isObject() ? own : donors, layers.get(k).layer());
            if (!value.isMissingNode()) {
                values.put(k, value.deepCopy());
            }
        }
        boolean filled = donors.propertyNames().stream().anyMatch(k -> k.matches("0\\d+"));
        int width = filled ? String.valueOf(values.isEmpty() ? 0 : values.lastKey()).length() : 1;
        ObjectNode changed = JsonNodeFactory.instance.objectNode();
        values.forEach((number, value) -> changed.set(padded(number, width), value));
        return Optional.of(changed);
    }

    private static boolean isNumber(String key) {
        return key.matches("\\d{1,6}");
    }

    private static String padded(long number, int width) {
        String digits = String.valueOf(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
