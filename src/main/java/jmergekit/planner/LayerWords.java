package jmergekit.planner;

import java.util.Map;
import java.util.Optional;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model's configuration says about one layer, in words. Two layers have the same words if
/// the configuration says the same about them.
final class LayerWords {
    private LayerWords() {}

    static String of(StackSettings settings, LayerOrigin layer) {
        StringBuilder words = new StringBuilder();
        ObjectNode config = settings.configs().get(layer.model());
        int layers = settings.layers(layer.model());
        for (Map.Entry<String, JsonNode> entry : settings.changed().entrySet()) {
            String key = entry.getKey();
            words.append(key)
                    .append('=')
                    .append(LayerLists.said(key, config.path(key), layer.layer(), layers))
                    .append(' ');
        }
        for (LayerRule rule : settings.rules()) {
            Optional<Boolean> special = settings.special(rule, layer);
            special.ifPresent(s -> words.append(rule.key()).append('=').append(s).append(' '));
        }
        return words.toString();
    }
}
