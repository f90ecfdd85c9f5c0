package jmergekit.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The entries of a mapping while it is being read. Duplicate keys are refused, and keys of
/// mappings under `<<` come first unless the mapping overrides them.
final class MappingEntries {
    private final Problems problems;
    private final Map<String, YamlNode.Entry> written = new LinkedHashMap<>();
    private final Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();

    MappingEntries(Problems problems) {
        this.problems = problems;
    }

    void add(YamlNode.Entry entry) {
        YamlNode.Scalar key = entry.key();
        YamlNode.Entry earlier = written.putIfAbsent(key.text(), entry);
        if (earlier != null) {
            problems.add(duplicate(earlier.key(), key));
        } else if (isMerge(key)) {
            merge(entry);
        }
    }

    private static boolean isMerge(YamlNode.Scalar key) {
        return key.plain() && key.text().equals("<<");
    }

    private static Problem duplicate(YamlNode.Scalar first, YamlNode.Scalar second) {
        String what =
                "duplicate key '%s', first on line %d".formatted(second.text(), first.at().line());
        Problem problem = Problem.recipe(second.at(), what);
        return isMerge(second)
                ? problem.hint("use a list to merge several mappings, as in '<<: [*a, *b]'")
                : problem.hint("keep only one of them");
    }

    private void merge(YamlNode.Entry entry) {
        List<YamlNode> parts =
                entry.value() instanceof YamlNode.Sequence list
                        ? list.items()
                        : List.of(entry.value());
        for (YamlNode part : parts) {
            if (part instanceof YamlNode.Mapping mapping) {
                mapping.entries().forEach(e -> merged.putIfAbsent(e.key().text(), e));
            } else {
                problems.add(
                        Problem.recipe(entry.key().at(), "merge key '<<' only takes mappings")
                                .expected("a mapping, or a list of mappings")
                                .found(part.description()));
            }
        }
    }

    List<YamlNode.Entry> all() {
        Map<String, YamlNode.Entry> all = new LinkedHashMap<>(merged);
        written.values().stream()
                .filter(e -> !isMerge(e.key()))
                .forEach(e -> all.put(e.key().text(), e));
        return List.copyOf(all.values());
    }
}
