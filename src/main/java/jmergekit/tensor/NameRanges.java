package jmergekit.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shortens lists of names: names that differ only in their first number are combined, as in
/// `model.layers.[0-31].mlp.up_proj.weight`.
public final class NameRanges {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,9}(?=\\.)");

    private NameRanges() {}

    private record Form(String before, String after) {}

    /// The patterns, in the order in which each first appears.
    public static List<String> of(Collection<String> names) {
        Map<Form, SortedSet<Integer>> forms = new LinkedHashMap<>();
        for (String name : names) {
            Matcher number = NUMBER.matcher(name);
            if (number.find()) {
                Form form =
                        new Form(name.substring(0, number.start()), name.substring(number.end()));
                forms.computeIfAbsent(form, _ -> new TreeSet<>())
                        .add(Integer.valueOf(number.group()));
            } else {
                forms.put(new Form(name, ""), new TreeSet<>());
            }
        }
        List<String> texts = new ArrayList<>();
        forms.forEach((form, numbers) -> texts.add(form.before() + ranges(numbers) + form.after()));
        return texts;
    }

    /// Still shorter patterns: groups that are complete are combined, as in
    /// `model.layers.[0-31].*`.
    ///
    /// @param all all existing names
    public static List<String> ofGroups(Collection<String> names, Collection<String> all) {
        Map<String, Integer> sizes = new HashMap<>();
        names.forEach(n -> sizes.merge(group(n), 1, Integer::sum));
        all.forEach(n -> sizes.merge(group(n), -1, Integer::sum));
        Set<String> forms = new LinkedHashSet<>();
        for (String name : names) {
            String group = group(name);
            boolean complete = !group.equals(name) && sizes.get(group) == 0;
            forms.add(complete ? group + ".*" : name);
        }
        return of(forms);
    }

    // `model.layers.7`; the name itself if it has no number.
    private static String group(String name) {
        Matcher number = NUMBER.matcher(name);
        return number.find() ? name.substring(0, number.end()) : name;
    }

    private static String ranges(SortedSet<Integer> numbers) {
        if (numbers.size() < 2) {
            return numbers.isEmpty() ? "" : numbers.first().toString();
        }
        List<String> runs = new ArrayList<>();
        int start = numbers.first();
        int last = start;
        for (int number : numbers.tailSet(start + 1)) {
            if (number > last + 1) {
                runs.add(run(start, last));
                start = number;
            }
            last = number;
        }
        runs.add(run(start, last));
        return "[" + String.join(",", runs) + "]";
    }

    private static String run(int start, int last) {
        return start == last ? String.valueOf(start) : start + "-" + last;
    }
}
