package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings of an output whose layers were selected individually.
///
/// @param configs of each model, the object that contains the number of layers
/// @param donor the index of the configuration that the output's is based on
/// @param changed the donor's settings that change, by key, except the number of layers
public record StackSettings(
        List<ObjectNode> configs, StackChange change, int donor, Map<String, JsonNode> changed) {
    /// Settings with a value per layer follow the layers. If a rule such as
    /// `full_attention_interval` would change the kind of layers, a list is written instead, if one
    /// exists.
    public static StackSettings of(List<ObjectNode> configs, StackChange change, int donor) {
        Map<String, JsonNode> changed =
                new LinkedHashMap<>(LayerLists.gather(configs, change, donor));
        StackSettings settings = new StackSettings(configs, change, donor, changed);
        for (LayerRule rule : settings.rules()) {
            if (!settings.misplaced(rule).isEmpty()) {
                settings.special(rule)
                        .ifPresent(s -> changed.putAll(rule.written(configs.get(donor), s)));
            }
        }
        return settings;
    }

    List<LayerRule> rules() {
        return LayerRules.of(configs.get(donor), layers(donor));
    }

    /// The output layers that a rule treats as a different kind from before.
    List<Integer> misplaced(LayerRule rule) {
        ObjectNode output = output();
        int count = change.layers().size();
        List<Integer> misplaced = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Optional<Boolean> before = special(rule, change.layers().get(k));
            Optional<Boolean> after = rule.isSpecial(output, k, count);
            if (before.isPresent() && after.isPresent() && !before.equals(after)) {
                misplaced.add(k);
            }
        }
        return misplaced;
    }

    /// Whether a rule makes a layer special in its own model.
    Optional<Boolean> special(LayerRule rule, LayerOrigin origin) {
        return rule.isSpecial(configs.get(origin.model()), origin.layer(), layers(origin.model()));
    }

    private Optional<List<Boolean>> special(LayerRule rule) {
        List<Boolean> special = new ArrayList<>();
        for (LayerOrigin origin : change.layers()) {
            Optional<Boolean> own = special(rule, origin);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            special.add(own.get());
        }
        return Optional.of(special);
    }

    /// The number of layers of a model, according to its configuration.
    public int layers(int model) {
        return layers(configs.get(model), change.stack());
    }

    /// The same for one configuration. If it has no number, or an impossible one, the number of
    /// layers in the files is used.
    static int layers(ObjectNode config, LayerStack stack) {
        List<String> key = stack.countKey();
        JsonNode count = config.path(key.isEmpty() ? "" : key.getLast());
        boolean usable =
                count.isIntegralNumber()
                        && count.canConvertToInt()
                        && count.intValue() > 0
                        && count.intValue() <= LayerForm.MOST_LAYERS;
        return usable ? count.intValue() : stack.layers();
    }

    private ObjectNode output() {
        ObjectNode output = configs.get(donor).deepCopy();
        changed.forEach(output::set);
        return output;
    }
}
