package jmergekit.card;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jmergekit.plan.ConfigChanges.LayerOrigin;
import jmergekit.plan.ConfigChanges.StackChange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a configuration says about single layers, rearranged as the layers are.
///
/// Three kinds are known: one value per layer (`layer_types`), a list of layer numbers
/// (`mlp_only_layers`), and how many of the first layers differ from the rest
/// (`first_k_dense_replace`). Each output layer brings along what its own model says about it, or
/// the donor where that model says nothing. What cannot be said of the new order stays as it was.
final class LayerLists {
    /// One value per layer under names that do not tell.
    private static final Set<String> VALUES =
            Set.of(
                    "attention_types",
                    "attn_type_list",
                    "ffn_multipliers",
                    "hybrid_override_pattern",
                    "intermediate_size",
                    "num_attention_heads",
                    "num_key_value_heads",
                    "num_kv_heads",
                    "num_query_heads");

    /// One value per layer, however many there are: never layer numbers.
    private static final Set<String> NEVER_NUMBERS =
            Set.of("layer_types", "layers_block_type", "mlp_layer_types", "no_rope_layers");

    /// Layer numbers, however many there are.
    private static final Set<String> NUMBERS =
            Set.of(
                    "attn_layer_ids",
                    "attn_layer_indices",
                    "cross_attention_layers",
                    "full_attn_idxs",
                    "global_attn_idx",
                    "hybrid_layer_ids",
                    "mlp_only_layers",
                    "moe_layers");

    /// How many of the first layers are of one kind.
    private static final Set<String> LEADING =
            Set.of("first_k_dense_replace", "max_window_layers", "num_dense_layers");

    private static final Pattern TELLING = Pattern.compile("layer|block|pattern");
    private static final Pattern TELLING_NUMBERS = Pattern.compile("layer|block");

    /// Keys about another stack of layers.
    private static final Pattern FOREIGN = Pattern.compile("vision|visual|image|audio|speech");

    /// Keys of numbers of things, not of numbers that things have.
    private static final Pattern SIZES = Pattern.compile("^n(um)?_");

    private final List<ObjectNode> configs;
    private final List<LayerOrigin> layers;
    private final int donor;
    private final int before;

    private LayerLists(List<ObjectNode> configs, StackChange change, int donor) {
        this.configs = configs;
        this.layers = change.layers();
        this.donor = donor;
        List<String> key = change.stack().countKey();
        JsonNode count = configs.get(donor).path(key.isEmpty() ? "" : key.getLast());
        this.before =
                count.isIntegralNumber() && count.canConvertToInt()
                        ? count.intValue()
                        : change.stack().layers();
    }

    /// The donor's settings that change, by key.
    ///
    /// @param configs of each model, the object that holds the number of layers
    static Map<String, JsonNode> gather(List<ObjectNode> configs, StackChange change, int donor) {
        LayerLists lists = new LayerLists(configs, change, donor);
        Map<String, JsonNode> changed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : configs.get(donor).properties()) {
            lists.rearranged(entry.getKey(), entry.getValue())
                    .ifPresent(v -> changed.put(entry.getKey(), v));
        }
        return changed;
    }

    private Optional<JsonNode> rearranged(String key, JsonNode value) {
        if (LEADING.contains(key)) {
            return leading(key);
        }
        if (NUMBERS.contains(key)) {
            return numbers(key);
        }
        List<JsonNode> values = LayerForm.of(key).values(value);
        boolean named = TELLING.matcher(key).find() && !FOREIGN.matcher(key).find();
        if (before > 0 && values.size() == before && (named || VALUES.contains(key))) {
            return Optional.of(values(key, values));
        }
        return looksLikeNumbers(key, value) ? numbers(key) : Optional.empty();
    }

    private JsonNode values(String key, List<JsonNode> donors) {
        LayerForm form = LayerForm.of(key);
        List<List<JsonNode>> all = configs.stream().map(c -> form.values(c.path(key))).toList();
        return form.node(layers.stream().map(l -> value(l, all.get(l.model()), donors)).toList());
    }

    // A layer beyond the donor's last that its own model says nothing about is taken to be like the
    // donor's last one.
    private static JsonNode value(LayerOrigin origin, List<JsonNode> own, List<JsonNode> donors) {
        return origin.layer() < own.size()
                ? own.get(origin.layer())
                : donors.get(Math.min(origin.layer(), donors.size() - 1));
    }

    private boolean looksLikeNumbers(String key, JsonNode value) {
        if (NEVER_NUMBERS.contains(key)
                || !TELLING_NUMBERS.matcher(key).find()
                || FOREIGN.matcher(key).find()
                || SIZES.matcher(key).find()
                || !(value instanceof ArrayNode array)
                || array.isEmpty()) {
            return false;
        }
        int last = -1;
        for (JsonNode number : array.values()) {
            if (!isLayerNumber(number) || number.intValue() <= last) {
                return false;
            }
            last = number.intValue();
        }
        return last < before;
    }

    private Optional<JsonNode> numbers(String key) {
        List<Optional<Set<Integer>>> all =
                configs.stream().map(c -> layerNumbers(c.path(key))).toList();
        return all.get(donor)
                .map(donors -> {
                    ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
                    for (int k = 0; k < layers.size(); k++) {
                        LayerOrigin origin = layers.get(k);
                        Set<Integer> own = all.get(origin.model()).orElse(donors);
                        if (own.contains(origin.layer())) {
                            numbers.add(k);
                        }
                    }
                    return numbers;
                });
    }

    private static Optional<Set<Integer>> layerNumbers(JsonNode node) {
        if (!(node instanceof ArrayNode array)
                || !array.values().stream().allMatch(LayerLists::isLayerNumber)) {
            return Optional.empty();
        }
        Set<Integer> numbers = new TreeSet<>();
        array.values().forEach(n -> numbers.add(n.intValue()));
        return Optional.of(numbers);
    }

    private static boolean isLayerNumber(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    }

    // A number larger than that of the layers means "all of them", and goes on meaning it.
    private Optional<JsonNode> leading(String key) {
        JsonNode donors = configs.get(donor).path(key);
        if (!isLayerNumber(donors)) {
            return Optional.empty();
        }
        boolean[] first = new boolean[layers.size()];
        for (int k = 0; k < first.length; k++) {
            JsonNode own = configs.get(layers.get(k).model()).path(key);
            int limit = (isLayerNumber(own) ? own : donors).intValue();
            first[k] = layers.get(k).layer() < limit;
        }
        int count = (int) IntStream.range(0, first.length).takeWhile(k -> first[k]).count();
        if (IntStream.range(count, first.length).anyMatch(k -> first[k])) {
            return Optional.empty();
        }
        boolean all = count == first.length && donors.intValue() > before;
        int number = all ? Math.max(count, donors.intValue()) : count;
        return Optional.of(JsonNodeFactory.instance.numberNode(number));
    }
}
