package jmergekit;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Values as YAML: one line per top-level key, one per entry of a top-level list, and JSON below.
final class YamlText {
    private YamlText() {}

    static String of(Map<String, Object> mapping) {
        StringBuilder text = new StringBuilder();
        mapping.forEach((key, value) -> {
            text.append(key).append(':');
            if (value instanceof List<?> entries
                    && entries.stream().anyMatch(e -> e instanceof Map)) {
                entries.forEach(e -> text.append("\n  - ").append(flow(e)));
            } else {
                text.append(' ').append(flow(value));
            }
            text.append('\n');
        });
        return text.toString();
    }

    private static String flow(@Nullable Object value) {
        return switch (value) {
            case null -> throw new IllegalArgumentException("not a valid value in a recipe: null");
            case Map<?, ?> map -> flow(map);
            case List<?> list ->
                    list.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
            case String text -> JsonMapper.shared().writeValueAsString(text);
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default ->
                    throw new IllegalArgumentException(
                            "not a valid value in a recipe: " + value.getClass().getName());
        };
    }

    // `Map.of` has a different order in each process.
    private static String flow(Map<?, ?> map) {
        Stream<? extends Map.Entry<?, ?>> entries = map.entrySet().stream();
        return (map instanceof SequencedMap
                        ? entries
                        : entries.sorted(Comparator.comparing(e -> String.valueOf(e.getKey()))))
                .map(e -> flow(e.getKey()) + ": " + flow(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
