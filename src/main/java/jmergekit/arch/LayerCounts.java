package jmergekit.arch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import jmergekit.model.ModelConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The numbers of layers per stack in config.json. A key is a path, such as `text_config` and
/// `num_hidden_layers`.
public final class LayerCounts {
    /// Configurations of parts are nested at most three deep, in Qwen2.5-Omni.
    private static final int DEEPEST = 4;

    private final Map<List<String>, Long> counts = new LinkedHashMap<>();

    public LayerCounts(ModelConfig config) {
        collect(config.json(), List.of());
    }

    private void collect(ObjectNode level, List<String> path) {
        for (Map.Entry<String, JsonNode> entry : level.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (value instanceof ObjectNode part
                    && key.endsWith("_config")
                    && path.size() < DEEPEST) {
                collect(part, with(path, key));
            } else if (ArchitectureFacts.COUNTS.contains(key)
                    && value.isIntegralNumber()
                    && value.canConvertToInt()) {
                counts.put(with(path, key), value.longValue());
            }
        }
    }

    private static List<String> with(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }

    /// The keys that count layers for multi-token prediction, most likely first.
    public static List<String> nextTokenKeys() {
        return ArchitectureFacts.AUXILIARY_COUNTS;
    }

    /// The number of text layers, if the configuration gives it.
    public OptionalInt ofText() {
        return ofKind(ArchitectureFacts.TEXT_COUNTS);
    }

    /// The number of layers for multi-token prediction; 0 if the configuration has none.
    int ofNextToken() {
        return ofKind(ArchitectureFacts.AUXILIARY_COUNTS).orElse(0);
    }

    private OptionalInt ofKind(List<String> names) {
        return counts.entrySet().stream()
                .filter(e -> names.contains(e.getKey().getLast()) && !isOfPerception(e.getKey()))
                .sorted(Comparator.comparing(e -> rank(e.getKey(), names)))
                .mapToInt(e -> e.getValue().intValue())
                .findFirst();
    }

    /// The numbers of layers for multi-token prediction in the configuration.
    public Map<List<String>, Integer> ofAuxiliary() {
        Map<List<String>, Integer> found = new LinkedHashMap<>();
        counts.forEach((key, value) -> {
            if (ArchitectureFacts.AUXILIARY_COUNTS.contains(key.getLast())) {
                found.put(key, value.intValue());
            }
        });
        return found;
    }

    /// All keys whose value is `layers`.
    Set<List<String>> matching(int layers) {
        Set<List<String>> matching = new HashSet<>();
        counts.forEach((key, value) -> {
            if (value == layers && !ArchitectureFacts.AUXILIARY_COUNTS.contains(key.getLast())) {
                matching.add(key);
            }
        });
        return matching;
    }

    /// The key of each stack, by prefix; empty for a stack that the configuration does not count. A
    /// key whose number matches is preferred to one whose number differs, and a key that matches
    /// one stack is not considered wrong for another.
    ///
    /// @param stacks the number of layers found under each prefix
    Map<String, List<String>> keys(Map<String, Integer> stacks, Set<String> auxiliary) {
        boolean alone = stacks.size() - auxiliary.size() == 1;
        Map<String, List<String>> keys = new LinkedHashMap<>();
        Set<List<String>> right = new HashSet<>();
        stacks.forEach((prefix, layers) -> {
            for (List<String> key : candidates(prefix, alone, auxiliary.contains(prefix))) {
                if (counts.get(key).intValue() == layers) {
                    keys.put(prefix, key);
                    right.add(key);
                    return;
                }
            }
        });
        for (String prefix : stacks.keySet()) {
            keys.computeIfAbsent(
                    prefix,
                    p ->
                            candidates(p, alone, auxiliary.contains(p)).stream()
                                    .filter(k -> !right.contains(k))
                                    .findFirst()
                                    .orElse(List.of()));
        }
        return keys;
    }

    // The first of several candidates is the most likely.
    private List<List<String>> candidates(String prefix, boolean alone, boolean auxiliary) {
        boolean perceives = ArchitectureFacts.PERCEPTION.matcher(prefix).find();
        List<String> names = names(prefix, alone, perceives, auxiliary);
        return counts.keySet().stream()
                .filter(k -> names.contains(k.getLast()))
                .filter(k -> alone || auxiliary || isOfPerception(k) == perceives)
                .sorted(
                        Comparator.comparing((List<String> k) -> -sharedWords(k, prefix))
                                .thenComparing(k -> rank(k, names)))
                .toList();
    }

    private static List<String> names(
            String prefix, boolean alone, boolean perceives, boolean auxiliary) {
        if (auxiliary) {
            return ArchitectureFacts.AUXILIARY_COUNTS;
        }
        if (alone) {
            return ArchitectureFacts.TEXT_COUNTS;
        }
        if (perceives) {
            return ArchitectureFacts.PERCEPTION_COUNTS;
        }
        if (prefix.contains("encoder.")) {
            return ArchitectureFacts.ENCODER_COUNTS;
        }
        return prefix.contains("decoder.")
                ? ArchitectureFacts.DECODER_COUNTS
                : ArchitectureFacts.TEXT_COUNTS;
    }

    // The configurations of parts come before the model's own.
    private static int rank(List<String> key, Collection<String> names) {
        int nested = key.size() > 1 ? 0 : names.size();
        return nested + List.copyOf(names).indexOf(key.getLast());
    }

    // `audio_config` belongs to `audio_tower.layers`, not to `visual.blocks`.
    private static long sharedWords(List<String> key, String prefix) {
        return key.subList(0, key.size() - 1).stream()
                .map(part -> part.substring(0, part.length() - "_config".length()))
                .filter(prefix::contains)
                .count();
    }

    private static boolean isOfPerception(List<String> key) {
        return key.subList(0, key.size() - 1).stream()
                .anyMatch(part -> ArchitectureFacts.PERCEPTION.matcher(part).find());
    }
}
