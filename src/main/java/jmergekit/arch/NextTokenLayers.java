package jmergekit.arch;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import jmergekit.model.ModelConfig;

/// The multi-token prediction layers that some checkpoints store after the last layer of the model:
/// with `num_hidden_layers` 61 and `num_nextn_predict_layers` 1, `model.layers.61` is not a text
/// layer. These layers get separate names, `model.layers.nextn-predict.0`, which do not depend on
/// the depth of the model.
///
/// Source: the checkpoints of DeepSeek-V3 and GLM-4.5.
public final class NextTokenLayers {
    // Python attribute names cannot contain a hyphen, so no checkpoint uses this word.
    private static final String WORD = "nextn-predict";

    /// A tensor that only these layers have.
    private static final String PROJECTION = "eh_proj.weight";

    private NextTokenLayers() {}

    /// For each of `names`, a name in which these layers are numbered separately from 0. Other
    /// names are unchanged.
    public static Map<String, String> ownNames(ModelConfig config, Collection<String> names) {
        Map<String, Integer> first = firsts(new LayerCounts(config), names);
        Map<String, String> own = new LinkedHashMap<>();
        names.forEach(name -> own.put(name, ownName(name, first)));
        return own;
    }

    // The number of the first such layer, by the prefix of its stack. It is recognised by its
    // projection, or because the configuration counts such layers and exactly that many follow the
    // last layer.
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
        // A model that consists only of such layers, such as a draft model, has them as its
        // ordinary layers.
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

    /// The name in the checkpoint of a tensor that has a separate name here. Other names are
    /// unchanged.
    ///
    /// @param layers the number of layers in each stack, by prefix
    public static String storedName(String name, Map<String, Integer> layers) {
        TensorName n = TensorName.split(name).orElse(null);
        if (n == null || !isPrefix(n.prefix())) {
            return name;
        }
        String prefix = n.prefix().substring(0, n.prefix().length() - WORD.length() - 1);
        return prefix + (layers.get(prefix) + n.number()) + "." + n.rest();
    }
}
