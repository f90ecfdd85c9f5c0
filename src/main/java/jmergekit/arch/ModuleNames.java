package jmergekit.arch;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/// Names the modules of a model that has several stacks of layers. Each stack becomes a separate
/// module, named by as many of its first words as are needed to distinguish it from the other
/// stacks: `encoder` and `decoder`, or `thinker.model` and `thinker.visual`.
final class ModuleNames {
    /// For tensors that belong to no stack.
    static final String SHARED = "shared";

    private static final String MODEL = "model";

    /// For multi-token prediction layers after the last layer.
    private static final String NEXT_TOKEN = "mtp";

    private final Map<String, List<String>> paths = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    ModuleNames(Collection<String> prefixes) {
        prefixes.forEach(p -> paths.put(p, path(p)));
        Set<String> taken = new LinkedHashSet<>();
        paths.forEach((prefix, path) -> {
            String name = shortest(path);
            // Happens only if two prefixes differ just by `model.`: then the prefixes are used.
            if (!taken.add(name)) {
                name = prefix.substring(0, prefix.length() - 1);
                taken.add(name);
            }
            names.put(prefix, name);
        });
    }

    String ofStack(String prefix) {
        return names.get(prefix);
    }

    /// The module of a tensor outside all layers: that of the stack with which it shares the most
    /// leading words. If it shares none, or the same number with several stacks, it is in a
    /// separate module, such as a projector. Tensors directly below the model's class belong to its
    /// main stack.
    ///
    /// @param main the module of the main stack, or [#SHARED]
    String ofLoose(String name, String main) {
        List<String> words = path(name);
        int best = 0;
        String module = null;
        boolean tie = false;
        for (Map.Entry<String, List<String>> stack : paths.entrySet()) {
            int common = common(words, stack.getValue());
            if (common > best) {
                best = common;
                module = names.get(stack.getKey());
                tie = false;
            } else if (common == best) {
                tie = true;
            }
        }
        if (module != null && !tie) {
            return module;
        }
        int left = words.size() - best;
        return left <= 2 ? main : String.join(".", words.subList(0, best + 1));
    }

    /// The module of a tensor or stack for multi-token prediction: the words of its name up to the
    /// one that marks it. Empty for any other tensor or stack.
    static Optional<String> ofAuxiliary(String name) {
        Matcher word = ArchitectureFacts.AUXILIARY.matcher(name);
        if (!word.find()) {
            return Optional.empty();
        }
        String module = name.substring(0, word.end() - 1);
        if (NextTokenLayers.isPrefix(module + ".")) {
            return Optional.of(NEXT_TOKEN);
        }
        return Optional.of(
                module.startsWith(MODEL + ".") ? module.substring(MODEL.length() + 1) : module);
    }

    private String shortest(List<String> path) {
        for (int length = 1; length < path.size(); length++) {
            List<String> start = path.subList(0, length);
            long sharing = paths.values().stream().filter(p -> startsWith(p, start)).count();
            if (sharing == 1) {
                return String.join(".", start);
            }
        }
        return String.join(".", path);
    }

    private static boolean startsWith(List<String> path, List<String> start) {
        return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
    }

    private static int common(List<String> a, List<String> b) {
        int n = 0;
        while (n < a.size() && n < b.size() && a.get(n).equals(b.get(n))) {
            n++;
        }
        return n;
    }

    // `model.` at the start is ignored, because it depends on the class that was saved. Only layers
    // named just `model.layers.` or `layers.` have no other name.
    private static List<String> path(String name) {
        List<String> words = Arrays.asList(name.split("\\."));
        if (ArchitectureFacts.LAYER_WORDS.contains(words.getFirst())) {
            String[] longer = new String[words.size() + 1];
            longer[0] = MODEL;
            System.arraycopy(words.toArray(), 0, longer, 1, words.size());
            return Arrays.asList(longer);
        }
        boolean wrapped =
                words.size() > 1
                        && words.getFirst().equals(MODEL)
                        && !ArchitectureFacts.LAYER_WORDS.contains(words.get(1));
        return wrapped ? words.subList(1, words.size()) : words;
    }
}
