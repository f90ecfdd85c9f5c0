package jmergekit.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says many names in few words: those that differ only in their first number become one, as in
/// `model.layers.[0-31].mlp.up_proj.weight`.
public final class NameRanges {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,9}(?=\\.)");

    private NameRanges() {}

    private record Form(String before, String after) {}

    /// The names, in the order in which each form is first met.
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
