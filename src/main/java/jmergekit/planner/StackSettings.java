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

/// The settings of an output whose layers were chosen one by one.
///
/// @param configs of each model, the object that holds the number of layers
/// @param donor which of them the output's starts from
/// @param changed the donor's settings that change, by key, but for the number of layers
public record StackSettings(
        List<ObjectNode> configs, StackChange change, int donor, Map<String, JsonNode> changed) {
    /// Settings with a value for each layer follow the layers. Where a rule such as
    /// `full_attention_interval` would say otherwise of them than of the layers they come from, a
    /// list says it, if there is one.
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

    /// The output layers of which a rule says otherwise than of the layers they come from.
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

    /// What a rule says of a layer in its own model.
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

    /// How many layers a model has, as its configuration counts them.
    public int layers(int model) {
        return layers(configs.get(model), change.stack());
    }

    /// The same of one configuration. The files tell where it has no number, or one that no model has.
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
