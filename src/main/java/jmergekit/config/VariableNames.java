package jmergekit.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.model.ModelReference;

/// Short and unique names for the variables of a search.
public final class VariableNames {
    private static final int LONGEST = 60;

    private VariableNames() {}

    /// The last part of each model's name if that is unique, else the whole name.
    public static Map<ModelReference, String> ofModels(List<ModelReference> models) {
        Map<String, Integer> uses = new LinkedHashMap<>();
        Set<ModelReference> different = Set.copyOf(models);
        different.forEach(m -> uses.merge(lastPart(m), 1, Integer::sum));
        Map<ModelReference, String> names = new LinkedHashMap<>();
        for (ModelReference model : models) {
            String last = lastPart(model);
            names.put(model, cut(uses.get(last) == 1 ? last : model.toString()));
        }
        return names;
    }

    private static String lastPart(ModelReference model) {
        String name = model.toString().replaceFirst("/+$", "");
        String last = name.substring(name.lastIndexOf('/') + 1);
        return last.isBlank() ? model.toString() : last;
    }

    /// A name shortened to fit into tables.
    static String cut(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }

    /// The names, with a number appended to duplicates.
    public static List<String> unique(List<String> names) {
        Set<String> taken = new HashSet<>();
        Map<String, Integer> last = new LinkedHashMap<>();
        List<String> unique = new ArrayList<>();
        for (String name : names) {
            String candidate = name;
            while (!taken.add(candidate)) {
                int number = last.merge(name, 1, Integer::sum) + 1;
                candidate = name + " (" + number + ")";
            }
            unique.add(candidate);
        }
        return unique;
    }
}
