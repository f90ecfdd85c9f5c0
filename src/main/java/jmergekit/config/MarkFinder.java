package jmergekit.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds the search marks of a recipe, each with a name derived from its place. A mark used by
/// several aliases counts once, and anchored values that are only there for reuse do not count.
final class MarkFinder {
    /// The keys of these mappings are names, such as tokens, which may equal a key of a mark.
    private static final Set<String> BY_NAME =
            Set.of("tokens", "input_model_parameters", "modules", "parameters");

    /// Keys left out of names, since the keys below them are enough.
    private static final Set<String> SILENT =
            Set.of("models", "sources", "parameters", "value", "input_model_parameters", "modules");

    /// A mark with its short name and its full path of keys.
    record Found(String name, YamlNode.Mapping mapping, List<String> keys) {}

    private record Place(List<String> words, List<String> all, List<String> keys) {
        Place with(Optional<String> word, String full, String key) {
            return new Place(
                    word.map(w -> plus(words, w)).orElse(words), plus(all, full), plus(keys, key));
        }

        private static List<String> plus(List<String> list, String more) {
            List<String> longer = new ArrayList<>(list);
            longer.add(more);
            return List.copyOf(longer);
        }
    }

    private final Map<Integer, YamlNode.Mapping> marks = new LinkedHashMap<>();
    private final Map<Integer, Place> places = new HashMap<>();

    private MarkFinder() {}

    /// The first mark of a document.
    static Optional<YamlNode.Mapping> first(YamlNode document) {
        if (!(document instanceof YamlNode.Mapping root)) {
            return Optional.empty();
        }
        MarkFinder finder = new MarkFinder();
        finder.root(root);
        return finder.marks.values().stream().findFirst();
    }

    /// The marks of a recipe, in the order of its keys.
    static List<Found> find(YamlNode.Mapping root) {
        MarkFinder finder = new MarkFinder();
        finder.root(root);
        return finder.named();
    }

    private void root(YamlNode.Mapping root) {
        Place top = new Place(List.of(), List.of(), List.of());
        root.entries().stream()
                .filter(e -> Section.RECIPE.keys().contains(e.key().text()))
                .forEach(e -> entry(e, top));
    }

    private void entry(YamlNode.Entry entry, Place place) {
        String key = entry.key().text();
        Optional<String> word = SILENT.contains(key) ? Optional.empty() : Optional.of(key);
        Place inside = place.with(word, key, key);
        if (BY_NAME.contains(key) && entry.value() instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(e -> entry(e, inside));
        } else {
            walk(entry.value(), inside);
        }
    }

    private void walk(YamlNode node, Place place) {
        switch (node) {
            case YamlNode.Mapping mapping when MarkReader.isMark(mapping) -> {
                if (marks.putIfAbsent(mapping.span().start(), mapping) == null) {
                    places.put(mapping.span().start(), place);
                }
            }
            case YamlNode.Mapping mapping -> mapping.entries().forEach(e -> entry(e, place));
            case YamlNode.Sequence list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    walk(list.items().get(i), item(place, list.items().get(i), i));
                }
            }
            case YamlNode.Scalar _ -> {}
        }
    }

    private static Place item(Place place, YamlNode item, int index) {
        String last = place.keys().isEmpty() ? "" : place.keys().getLast();
        String number = "[" + index + "]";
        if (last.equals("slices")) {
            List<String> before = place.words().subList(0, place.words().size() - 1);
            return new Place(before, place.all(), place.keys())
                    .with(Optional.of("slice " + (index + 1)), number, number);
        }
        if (item instanceof YamlNode.Mapping mapping && !MarkReader.isMark(mapping)) {
            Optional<String> model = text(mapping, "model").map(MarkFinder::lastPart);
            if (model.isPresent()) {
                return place.with(model, number + " " + model.get(), number);
            }
            if (last.equals("models") || last.equals("sources")) {
                return place.with(Optional.of("model " + (index + 1)), number, number);
            }
            if (mapping.byKey().containsKey("value")) {
                String filter = text(mapping, "filter").orElse("rest");
                return place.with(Optional.of(filter), filter, number);
            }
        }
        return place.with(Optional.of(number), number, number);
    }

    private static Optional<String> text(YamlNode.Mapping mapping, String key) {
        return mapping.entry(key)
                .map(YamlNode.Entry::value)
                .filter(v -> v instanceof YamlNode.Scalar)
                .map(v -> ((YamlNode.Scalar) v).text())
                .filter(t -> !t.isBlank());
    }

    private static String lastPart(String model) {
        String name = model.replaceFirst("/+$", "");
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private List<Found> named() {
        Map<String, Long> uses =
                places.values().stream()
                        .map(p -> joined(p.words()))
                        .collect(Collectors.groupingBy(n -> n, Collectors.counting()));
        List<String> names = new ArrayList<>();
        for (int start : marks.keySet()) {
            Place place = places.get(start);
            String name = joined(place.words());
            boolean alone = !name.isEmpty() && uses.getOrDefault(name, 0L) == 1;
            names.add(alone ? name : joined(place.all()));
        }
        List<String> unique = VariableNames.unique(names);
        List<Found> found = new ArrayList<>();
        for (Map.Entry<Integer, YamlNode.Mapping> mark : marks.entrySet()) {
            List<String> keys = places.get(mark.getKey()).keys();
            found.add(new Found(unique.get(found.size()), mark.getValue(), keys));
        }
        return found;
    }

    private static String joined(List<String> words) {
        String name = String.join(" · ", words).replace(" · [", "[");
        return VariableNames.cut(name.replaceAll("\\p{Cntrl}", " "));
    }
}
