package jmergekit.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The paths of values in JSON with their types, over several documents of one form. Items of a list
/// are `[]`, keys that are data are `*`. A value that not every object has is `optional`.
final class JsonPaths {
    private static final class Seen {
        private final Set<String> types = new TreeSet<>();
        private int times;
    }

    private final Set<String> maps;
    private final Map<String, Seen> paths = new TreeMap<>();

    /// How many objects there were at a path.
    private final Map<String, Integer> objects = new TreeMap<>();

    /// @param maps paths of objects whose keys are data
    JsonPaths(String... maps) {
        this.maps = Set.of(maps);
    }

    JsonPaths add(JsonNode document) {
        add("", document);
        return this;
    }

    private void add(String path, JsonNode node) {
        if (node.isObject()) {
            String of = form(node).orElse(path);
            objects.merge(of, 1, Integer::sum);
            boolean map = maps.contains(of);
            node.properties().forEach(e -> see(of, map ? "*" : e.getKey(), e.getValue()));
        } else if (node.isArray()) {
            node.forEach(item -> see(path, "[]", item));
        }
    }

    private void see(String path, String key, JsonNode value) {
        String at = key.equals("[]") ? path + key : path.isEmpty() ? key : path + "." + key;
        Seen seen = paths.computeIfAbsent(at, _ -> new Seen());
        seen.types.add(type(value));
        seen.times++;
        add(at, value);
    }

    /// The name of an object with a field for its type. The paths of its fields begin with that name,
    /// wherever the object is.
    private static Optional<String> form(JsonNode node) {
        return Stream.of("is", "work")
                .filter(key -> node.path(key).isString())
                .map(key -> "<%s %s>".formatted(key, node.get(key).stringValue()))
                .findFirst();
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case NULL -> "null";
            case ARRAY -> "list";
            case OBJECT -> form(value).isPresent() ? "<>" : "object";
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException(value.toString());
        };
    }

    /// A line for each path.
    List<String> lines(String output) {
        List<String> lines = new ArrayList<>();
        paths.forEach((path, seen) -> {
            int dot = path.lastIndexOf('.');
            String parent = dot < 0 ? "" : path.substring(0, dot);
            boolean always =
                    path.endsWith("[]")
                            || path.endsWith("*")
                            || seen.times == objects.getOrDefault(parent, 0);
            lines.add(
                    "%s  %s: %s%s"
                            .formatted(
                                    output,
                                    path,
                                    String.join(" or ", seen.types),
                                    always ? "" : ", optional"));
        });
        return lines;
    }
}
