package jmergekit.arch;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import jmergekit.model.ModelConfig;

/// The multi-token-prediction layers that some checkpoints keep behind the last layer of the model:
/// with `num_hidden_layers` 61 and `num_nextn_predict_layers` 1, `model.layers.61` is not a layer
/// that text runs through. They get names of their own, `model.layers.nextn-predict.0`, which do not
/// depend on the depth of the model.
///
/// Source: the checkpoints of DeepSeek-V3 and GLM-4.5.
public final class NextTokenLayers {
    // No Python attribute has a hyphen in its name, so that no checkpoint has this word.
    private static final String WORD = "nextn-predict";

    /// What only such a layer has.
    private static final String PROJECTION = "eh_proj.weight";

    private NextTokenLayers() {}

    /// For each of `names`, the name in which the number of such a layer counts from 0 for itself.
    /// Other names stay as they are.
    public static Map<String, String> ownNames(ModelConfig config, Collection<String> names) {
        Map<String, Integer> first = firsts(new LayerCounts(config), names);
        Map<String, String> own = new LinkedHashMap<>();
        names.forEach(name -> own.put(name, ownName(name, first)));
        return own;
    }

    // The number of the first such layer by the prefix of its stack. It has a projection of its
    // own, or the configuration counts such layers and exactly that many are behind the last layer.
    private static Map<String, Integer> firsts(LayerCounts counts, Collection<String> names) {
        OptionalInt layers = counts.ofText();
        Map<String, Integer> firsts = new HashMap<>();
        Map<String, Integer> lowest = new HashMap<>();
        Map<String, Integer> last = new HashMap<>();
        for (String name : names) {
            TensorName n = TensorName.split(name).orElse(null);
            if (n == null || !isText(n)) {
                continue;
            }
            lowest.merge(n.prefix(), n.number(), Math::min);
            last.merge(n.prefix(), n.number(), Math::max);
            if (n.rest().equals(PROJECTION) && n.number() >= layers.orElse(0)) {
                firsts.merge(n.prefix(), n.number(), Math::min);
            }
        }
        if (layers.isPresent() && counts.ofNextToken() > 0) {
            int end = layers.getAsInt() + counts.ofNextToken();
            last.forEach((prefix, number) -> {
                if (number + 1 == end) {
                    firsts.merge(prefix, layers.getAsInt(), Math::min);
                }
            });
        }
        // A model of nothing else, such as a draft, has them as its layers.
        firsts.entrySet().removeIf(e -> e.getValue() <= lowest.get(e.getKey()));
        return firsts;
    }

    private static boolean isText(TensorName name) {
        return ArchitectureFacts.LAYER_WORDS.contains(name.word())
                && !ArchitectureFacts.PERCEPTION.matcher(name.prefix()).find();
    }

    private static String ownName(String name, Map<String, Integer> firsts) {
        if (firsts.isEmpty()) {
            return name;
        }
        TensorName n = TensorName.split(name).orElse(null);
        if (n == null || n.number() < firsts.getOrDefault(n.prefix(), Integer.MAX_VALUE)) {
            return name;
        }
        return ownPrefix(n.prefix()) + (n.number() - firsts.get(n.prefix())) + "." + n.rest();
    }

    private static String ownPrefix(String prefix) {
        return prefix + WORD + ".";
    }

    static boolean isPrefix(String prefix) {
        return prefix.endsWith("." + WORD + ".");
    }

    /// What a checkpoint calls a tensor that has such a name of its own here. Other names stay as
    /// they are.
    ///
    /// @param layers how many layers each stack has, by prefix
    public static String storedName(String name, Map<String, Integer> layers) {
        TensorName n = TensorName.split(name).orElse(null);
        if (n == null || !isPrefix(n.prefix())) {
            return name;
        }
        String prefix = n.prefix().substring(0, n.prefix().length() - WORD.length() - 1);
        return prefix + (layers.get(prefix) + n.number()) + "." + n.rest();
    }
}
