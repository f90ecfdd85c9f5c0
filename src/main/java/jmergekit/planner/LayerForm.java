package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// How a configuration gives one value per layer.
enum LayerForm {
    /// `["a", "b", "a", "b"]`
    LIST(Set.of()) {
        @Override
        List<JsonNode> values(JsonNode node) {
            return node instanceof ArrayNode array ? List.copyOf(array.values()) : List.of();
        }

        @Override
        JsonNode node(List<JsonNode> values) {
            return array(values);
        }
    },

    /// `["a", "b"]`, repeated for all layers, as in RecurrentGemma.
    REPEATED(Set.of("block_types")) {
        @Override
        List<JsonNode> values(JsonNode node) {
            return LIST.values(node);
        }

        @Override
        List<JsonNode> values(JsonNode node, int layers) {
            List<JsonNode> some = values(node);
            List<JsonNode> values = new ArrayList<>();
            for (int i = 0; i < Math.min(layers, MOST_LAYERS) && !some.isEmpty(); i++) {
                values.add(some.get(i % some.size()));
            }
            return values;
        }

        @Override
        JsonNode node(List<JsonNode> values) {
            return array(values);
        }
    },

    /// One character per layer, as in Nemotron-H: `"M-M*"`.
    TEXT(Set.of("hybrid_override_pattern")) {
        @Override
        List<JsonNode> values(JsonNode node) {
            return node.isString()
                    ? node.stringValue()
                            .codePoints()
                            .mapToObj(c -> (JsonNode) NODES.stringNode(Character.toString(c)))
                            .toList()
                    : List.of();
        }

        @Override
        JsonNode node(List<JsonNode> values) {
            StringBuilder text = new StringBuilder();
            values.forEach(v -> text.append(v.asString("")));
            return NODES.stringNode(text.toString());
        }
    },

    /// Repeated runs, as in GPT-Neo: `[[["a", "b"], 2]]`.
    RUNS(Set.of("attention_types")) {
        @Override
        List<JsonNode> values(JsonNode node) {
            List<JsonNode> values = new ArrayList<>();
            for (JsonNode run : node.values()) {
                List<JsonNode> pattern = LIST.values(run.path(0));
                long times = run.path(1).asLong(0);
                if (times < 0
                        || times > MOST_LAYERS
                        || values.size() + pattern.size() * times > MOST_LAYERS) {
                    return List.of();
                }
                for (long i = 0; i < times; i++) {
                    values.addAll(pattern);
                }
            }
            return values;
        }

        @Override
        JsonNode node(List<JsonNode> values) {
            ArrayNode run = NODES.arrayNode().add(array(values)).add(1);
            return NODES.arrayNode().add(run);
        }
    };

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    // A few characters could request any number of repetitions.
    static final int MOST_LAYERS = 1 << 16;

    private final Set<String> keys;

    LayerForm(Set<String> keys) {
        this.keys = keys;
    }

    static LayerForm of(String key) {
        for (LayerForm form : values()) {
            if (form.keys.contains(key)) {
                return form;
            }
        }
        return LIST;
    }

    /// The layers' values in order; empty if the node does not have this form.
    abstract List<JsonNode> values(JsonNode node);

    /// The values for a model with this many layers.
    List<JsonNode> values(JsonNode node, int layers) {
        return values(node);
    }

    abstract JsonNode node(List<JsonNode> values);

    private static ArrayNode array(List<JsonNode> values) {
        ArrayNode array = NODES.arrayNode();
        values.forEach(v -> array.add(v.deepCopy()));
        return array;
    }
}
