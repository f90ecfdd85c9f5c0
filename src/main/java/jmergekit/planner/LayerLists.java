package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jmergekit.arch.LayerCounts;
import jmergekit.arch.LayerStack;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a configuration says about single layers, rearranged like the layers.
///
/// Supported are one value per layer (`layer_types`), lists of layer numbers (`mlp_only_layers`),
/// objects whose keys are layer numbers (`per_layer_config`), and counts of first or last layers
/// that differ from the rest (`first_k_dense_replace`, `num_kv_shared_layers`). Each output layer
/// keeps the setting of its own model, or gets the donor's if that model has none. A setting that
/// cannot describe the new order is left unchanged.
final class LayerLists {
    /// One value per layer, under names that do not show it.
    private static final Set<String> VALUES =
            Set.of(
                    "attention_types",
                    "attn_type_list",
                    "compress_ratios",
                    "ffn_multipliers",
                    "hybrid_override_pattern",
                    "indexer_types",
                    "intermediate_size",
                    "num_attention_heads",
                    "num_key_value_heads",
                    "num_kv_heads",
                    "num_query_heads");

    /// One value per layer, even if there are fewer values than layers: never layer numbers.
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

    /// The number of first layers that are special.
    private static final Set<String> LEADING =
            Set.of(
                    "first_k_dense_replace",
                    "max_window_layers",
                    "num_dense_layers",
                    "num_hash_layers");

    /// The number of last layers that are special.
    private static final Set<String> TRAILING = Set.of("num_kv_shared_layers");

    /// The index of the last of the first layers that are special.
    private static final Set<String> UP_TO = Set.of("moe_layer_end_index");

    /// Objects with lists of layer numbers that count from 1.
    private static final String COUNTED_FROM_ONE = "linear_attn_config";

    private static final Pattern TELLING = Pattern.compile("layer|block|pattern");
    private static final Pattern TELLING_NUMBERS = Pattern.compile("layer|block");

    /// Keys about another stack of layers.
    private static final Pattern FOREIGN =
            Pattern.compile("vision|visual|image|audio|speech|mtp|nextn");

    /// Keys for numbers of things, not for numbers that belong to layers.
    private static final Pattern SIZES = Pattern.compile("^n(um)?_");

    private final List<ObjectNode> configs;
    private final List<LayerOrigin> layers;
    private final int donor;
    private final LayerStack stack;
    private final int before;

    private LayerLists(List<ObjectNode> configs, StackChange change, int donor) {
        this.configs = configs;
        this.layers = change.layers();
        this.donor = donor;
        this.stack = change.stack();
        this.before = layersOf(donor);
    }

    private int layersOf(int model) {
        return StackSettings.layers(configs.get(model), stack);
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
        if (LEADING.contains(key) || TRAILING.contains(key) || UP_TO.contains(key)) {
            return run(key);
        }
        if (NUMBERS.contains(key)) {
            return numbers(key);
        }
        if (value instanceof ObjectNode object) {
            return key.equals(COUNTED_FROM_ONE)
                    ? countedFromOne(key, object)
                    : isNamed(key) ? byNumber(key, object) : Optional.empty();
        }
        List<JsonNode> values = LayerForm.of(key).values(value, before);
        if (isOnePerLayer(values, donor) && (isNamed(key) || VALUES.contains(key))) {
            return Optional.of(values(key, values));
        }
        return looksLikeNumbers(key, value) ? numbers(key) : Optional.empty();
    }

    private static boolean isNamed(String key) {
        return TELLING.matcher(key).find() && !FOREIGN.matcher(key).find();
    }

    // Some lists also cover the layers for multi-token prediction.
    private boolean isOnePerLayer(List<JsonNode> values, int model) {
        int layers = layersOf(model);
        return layers > 0
                && (values.size() == layers
                        || values.size() == layers + nextToken(configs.get(model)));
    }

    private static int nextToken(ObjectNode config) {
        return LayerCounts.nextTokenKeys().stream()
                .map(config::path)
                .filter(LayerLists::isLayerNumber)
                .mapToInt(JsonNode::intValue)
                .findFirst()
                .orElse(0);
    }

    private JsonNode values(String key, List<JsonNode> donors) {
        LayerForm form = LayerForm.of(key);
        List<List<JsonNode>> all = new ArrayList<>();
        for (int m = 0; m < configs.size(); m++) {
            all.add(form.values(configs.get(m).path(key), layersOf(m)));
        }
        List<JsonNode> values = new ArrayList<>();
        layers.forEach(l -> values.add(value(l, all.get(l.model()), donors)));
        values.addAll(donors.subList(before, donors.size()));
        return form.node(values);
    }

    // A layer beyond the donor's last one, about which its own model says nothing, is treated like
    // the donor's last one.
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

    private Optional<JsonNode> byNumber(String key, ObjectNode object) {
        return LayersByNumber.rearranged(
                configs.stream().map(c -> c.path(key)).toList(), object, layers, before);
    }

    private Optional<JsonNode> countedFromOne(String key, ObjectNode object) {
        ObjectNode changed = object.deepCopy();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!TELLING.matcher(entry.getKey()).find()
                    || layerNumbers(entry.getValue()).filter(n -> !n.isEmpty()).isEmpty()) {
                continue;
            }
            ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
            for (int k = 0; k < layers.size(); k++) {
                JsonNode own = configs.get(layers.get(k).model()).path(key).path(entry.getKey());
                Set<Integer> set =
                        layerNumbers(own).or(() -> layerNumbers(entry.getValue())).orElseThrow();
                if (set.contains(layers.get(k).layer() + 1)) {
                    numbers.add(k + 1);
                }
            }
            changed.set(entry.getKey(), numbers);
        }
        return Optional.of(changed);
    }

    // The length of a run at one end. A number larger than the number of layers means "all of them"
    // and keeps that meaning.
    private Optional<JsonNode> run(String key) {
        JsonNode donors = configs.get(donor).path(key);
        if (!isLayerNumber(donors)) {
            return Optional.empty();
        }
        boolean trailing = TRAILING.contains(key);
        int beyond = UP_TO.contains(key) ? 1 : 0;
        boolean[] inside = new boolean[layers.size()];
        for (int k = 0; k < inside.length; k++) {
            LayerOrigin origin = layers.get(k);
            JsonNode own = configs.get(origin.model()).path(key);
            int limit = (isLayerNumber(own) ? own : donors).intValue() + beyond;
            int layer = origin.layer();
            boolean in = trailing ? layer >= layersOf(origin.model()) - limit : layer < limit;
            inside[trailing ? inside.length - 1 - k : k] = in;
        }
        int count = (int) IntStream.range(0, inside.length).takeWhile(k -> inside[k]).count();
        if (IntStream.range(count, inside.length).anyMatch(k -> inside[k])) {
            return Optional.empty();
        }
        boolean all = count == inside.length && donors.intValue() + beyond > before;
        int number = all ? Math.max(count, donors.intValue() + beyond) : count;
        return count < beyond
                ? Optional.empty()
                : Optional.of(JsonNodeFactory.instance.numberNode(number - beyond));
    }

    /// What a setting of this kind says about one layer, in words.
    ///
    /// @param node the setting
    /// @param layers the number of layers
    static String said(String key, JsonNode node, int layer, int layers) {
        if (node.isIntegralNumber()) {
            int limit = node.asInt(0) + (UP_TO.contains(key) ? 1 : 0);
            return String.valueOf(TRAILING.contains(key) ? layer >= layers - limit : layer < limit);
        }
        if (key.equals(COUNTED_FROM_ONE)) {
            StringBuilder said = new StringBuilder();
            for (JsonNode list : node.values()) {
                layerNumbers(list).ifPresent(n -> said.append(n.contains(layer + 1)).append(' '));
            }
            return said.toString();
        }
        if (node.isObject()) {
            return LayersByNumber.of(node, layer).toString();
        }
        List<JsonNode> values = LayerForm.of(key).values(node, layers);
        if (values.size() == layers && !NUMBERS.contains(key)) {
            return values.get(layer).toString();
        }
        return layerNumbers(node).map(n -> String.valueOf(n.contains(layer))).orElse("");
    }
}
