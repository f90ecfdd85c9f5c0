package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The modules that are not quantised according to config.json.
///
/// Source: `should_convert_module` of transformers 5.18. Entries that are regular expressions are
/// treated as literal text.
record ModuleList(List<String> entries) {
    /// The keys of the list, by quantisation method.
    private static final List<String> KEYS =
            List.of("modules_to_not_convert", "ignored_layers", "ignore");

    private static final Pattern NUMBER = Pattern.compile("(^|\\.)\\d+(\\.|$)");

    ModuleList {
        entries = List.copyOf(entries);
    }

    /// @param settings `quantization_config`, or a missing node
    static ModuleList of(JsonNode settings) {
        List<String> entries = new ArrayList<>();
        key(settings)
                .ifPresent(key ->
                        settings.path(key).values().stream()
                                .filter(JsonNode::isString)
                                .forEach(n -> entries.add(n.stringValue())));
        return new ModuleList(entries);
    }

    private static Optional<String> key(JsonNode settings) {
        return KEYS.stream().filter(k -> settings.path(k).isArray()).findFirst();
    }

    /// Whether a loader does not quantise a module.
    boolean has(String module) {
        return entries.stream().anyMatch(e -> module.startsWith(e) || module.endsWith(e));
    }

    /// The entries that do not name a numbered layer.
    ModuleList withoutLayers() {
        return new ModuleList(entries.stream().filter(e -> !NUMBER.matcher(e).find()).toList());
    }

    /// Puts the entries where the settings have theirs, or otherwise where most loaders look.
    void put(ObjectNode settings) {
        String otherwise =
                settings.path("quant_method").asString("").equals("compressed-tensors")
                        ? KEYS.getLast()
                        : KEYS.getFirst();
        ArrayNode list = settings.putArray(key(settings).orElse(otherwise));
        entries.forEach(list::add);
    }
}
