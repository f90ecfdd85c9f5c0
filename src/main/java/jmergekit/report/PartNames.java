package jmergekit.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Shortens lists of the names of parts.
final class PartNames {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.|$)");

    private PartNames() {}

    /// The name with a star for each number in it, such as an expert's.
    static String form(String part) {
        return NUMBER.matcher(part).replaceAll("*");
    }

    /// The names, with `mlp.*` for several names that start with it.
    ///
    /// @param all all parts
    static List<String> folded(Collection<String> some, Collection<String> all) {
        Set<String> forms = new LinkedHashSet<>();
        some.forEach(part -> forms.add(form(part)));
        Map<String, List<String>> byFirst = new LinkedHashMap<>();
        forms.forEach(
                form -> byFirst.computeIfAbsent(first(form), _ -> new ArrayList<>()).add(form));
        Set<String> taken = Set.copyOf(some);
        List<String> names = new ArrayList<>();
        byFirst.forEach((first, own) -> {
            boolean whole =
                    all.stream().filter(p -> first(p).equals(first)).allMatch(taken::contains);
            if (whole && own.size() > 1) {
                names.add(first + ".*");
            } else {
                names.addAll(own);
            }
        });
        return names;
    }

    private static String first(String part) {
        int dot = part.indexOf('.');
        return dot < 0 ? part : part.substring(0, dot);
    }
}
