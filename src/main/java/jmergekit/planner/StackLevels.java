package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.model.ConfigEntries;
import jmergekit.planner.ConfigChanges.StackChange;
import tools.jackson.databind.node.ObjectNode;

/// The places where configurations describe the layers of a stack: the object that contains their
/// number.
public final class StackLevels {
    private StackLevels() {}

    /// The object in one configuration; empty if there is none.
    public static Optional<ObjectNode> own(ObjectNode config, StackChange change) {
        List<String> key = change.stack().countKey();
        if (key.isEmpty()) {
            // Some configurations give the number only by the length of their lists.
            return change.stack().module().equals(Structure.DEFAULT_MODULE)
                    ? Optional.of(config)
                    : Optional.empty();
        }
        return ConfigEntries.level(config, key.subList(0, key.size() - 1));
    }

    /// The objects of all models; an empty one for a model that has none.
    public static List<ObjectNode> of(List<ObjectNode> configs, StackChange change, int donor) {
        return configs.stream()
                .map(c -> own(c, change).orElseGet(configs.get(donor)::objectNode))
                .toList();
    }

    /// The keys whose value is the number of layers; some configurations give it twice.
    ///
    /// @param before the current number
    public static List<String> countKeys(ObjectNode level, StackChange change, int before) {
        List<String> keys = new ArrayList<>();
        List<String> key = change.stack().countKey();
        if (!key.isEmpty()) {
            keys.add(key.getLast());
        }
        if (key.isEmpty() || LayerStack.SOLE_COUNTS.contains(key.getLast())) {
            LayerStack.SOLE_COUNTS.stream()
                    .filter(k -> !keys.contains(k))
                    .filter(k -> level.path(k).isIntegralNumber())
                    .filter(k -> level.path(k).asLong(0) == before)
                    .forEach(keys::add);
        }
        return keys;
    }
}
