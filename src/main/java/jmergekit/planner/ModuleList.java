package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The modules that config.json says are not quantised.
///
/// Source: `should_convert_module` of transformers 5.18. Entries that are regular expressions are taken
/// as texts.
record ModuleList(List<String> entries) {
    /// Under which they are, by quantisation method.
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

    /// Whether a loader leaves a module as it is.
    boolean has(String module) {
        return entries.stream().anyMatch(e -> module.startsWith(e) || module.endsWith(e));
    }

    /// Those that are of no layer by its number.
    ModuleList withoutLayers() {
        return new ModuleList(entries.stream().filter(e -> !NUMBER.matcher(e).find()).toList());
    }

    /// Puts the entries where settings have theirs, or else where most loaders look.
    void put(ObjectNode settings) {
        String otherwise =
                settings.path("quant_method").asString("").equals("compressed-tensors")
                        ? KEYS.getLast()
                        : KEYS.getFirst();
        ArrayNode list = settings.putArray(key(settings).orElse(otherwise));
        entries.forEach(list::add);
    }
}
