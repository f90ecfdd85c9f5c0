package jmergekit.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Damages JSON that stays JSON: values become others, go, are repeated, or stand in each other's
/// place.
final class TreeMutation {
    private static final JsonMapper JSON = new JsonMapper();

    private final Random random;
    private final List<String> values;

    /// @param values as JSON
    TreeMutation(Random random, String... values) {
        this.random = random;
        this.values = List.of(values);
    }

    /// A copy with one to three changes.
    JsonNode of(JsonNode original) {
        JsonNode root = original.deepCopy();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<JsonNode> all = new ArrayList<>();
            collect(root, all);
            List<JsonNode> containers =
                    all.stream().filter(n -> n.isContainer() && !n.isEmpty()).toList();
            JsonNode place = containers.get(random.nextInt(containers.size()));
            JsonNode value = value(place, all);
            switch (place) {
                case ObjectNode object -> {
                    List<String> keys = List.copyOf(object.propertyNames());
                    String key = keys.get(random.nextInt(keys.size()));
                    if (random.nextInt(6) == 0) {
                        object.remove(key);
                    } else {
                        object.set(key, changed(object.path(key), value));
                    }
                }
                case ArrayNode array -> {
                    int at = random.nextInt(array.size());
                    switch (random.nextInt(4)) {
                        case 0 -> array.remove(at);
                        case 1 -> array.insert(at, array.get(at).deepCopy());
                        default -> array.set(at, changed(array.get(at), value));
                    }
                }
                default -> throw new IllegalStateException(place.toString());
            }
        }
        return root;
    }

    // A number that is near the right one gets further than another.
    private JsonNode changed(JsonNode old, JsonNode other) {
        if (old.isIntegralNumber() && random.nextBoolean()) {
            long number = old.longValue();
            long[] near = {number + 1, number - 1, 2 * number, number / 2, -number};
            return JSON.valueToTree(near[random.nextInt(near.length)]);
        }
        return other;
    }

    private JsonNode value(JsonNode place, List<JsonNode> all) {
        JsonNode other = all.get(random.nextInt(all.size()));
        boolean isInside = contains(other, place);
        return random.nextBoolean() || isInside
                ? JSON.readTree(values.get(random.nextInt(values.size())))
                : other.deepCopy();
    }

    private static boolean contains(JsonNode outer, JsonNode inner) {
        List<JsonNode> all = new ArrayList<>();
        collect(outer, all);
        return all.stream().anyMatch(n -> n == inner);
    }

    private static void collect(JsonNode node, List<JsonNode> all) {
        all.add(node);
        node.forEach(child -> collect(child, all));
    }
}
