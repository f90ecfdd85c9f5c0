package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/// Checks a shuffle of layers: the recipe it wrote, or the model it made.
final class ShuffleCheck {
    private static final Pattern LAYER =
            Pattern.compile("(?:.+\\.)?(?:layers|layer|blocks|h)\\.(\\d+)\\..+");

    private final JsonNode property;
    private final Path caseFolder;

    ShuffleCheck(JsonNode property, Path caseFolder) {
        this.property = property;
        this.caseFolder = caseFolder;
    }

    List<String> differences(Path output) throws IOException {
        return property.path("kind").asString().equals("shuffle_yaml")
                ? recipe(output.resolve(property.path("file").asString()))
                : model(Checkpoint.readModel(output));
    }

    private List<String> models() {
        return property.path("models").valueStream().map(JsonNode::asString).toList();
    }

    private List<String> recipe(Path file) throws IOException {
        List<String> differences = new ArrayList<>();
        if (!(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file))
                instanceof Map<?, ?> recipe)) {
            return List.of(file.getFileName() + ": not a mapping");
        }
        String dtype =
                property.path("dtype").isString() ? property.path("dtype").asString() : "null";
        if (!dtype.equals(String.valueOf(recipe.get("dtype")))) {
            differences.add("dtype is " + recipe.get("dtype") + ", expected " + dtype);
        }
        if (!"passthrough".equals(recipe.get("merge_method"))) {
            differences.add("merge_method is " + recipe.get("merge_method"));
        }
        List<Integer> layers = new ArrayList<>();
        for (Object slice : list(recipe.get("slices"))) {
            List<?> sources = list(value(slice, "sources"));
            List<?> range =
                    sources.size() == 1
                            ? list(value(sources.getFirst(), "layer_range"))
                            : List.of();
            if (range.size() != 2
                    || !(range.get(0) instanceof Integer start)
                    || !(range.get(1) instanceof Integer end)) {
                differences.add("not a slice of one source: " + slice);
                continue;
            }
            String model = String.valueOf(value(sources.getFirst(), "model"));
            if (!models().contains(model)
                    || start < 0
                    || end > property.path("layers").asInt()
                    || end <= start) {
                differences.add("layers %d to %d of %s".formatted(start, end, model));
            }
            for (int layer = start; layer < end; layer++) {
                layers.add(layer);
            }
        }
        compareLayers(layers, differences);
        return differences;
    }

    private void compareLayers(List<Integer> layers, List<String> differences) {
        if (layers.size() != property.path("total").asInt()) {
            differences.add(layers.size() + " layers, expected " + property.path("total"));
        }
        boolean inOrder = true;
        for (int i = 0; i < layers.size(); i++) {
            inOrder &= layers.get(i) == i;
        }
        if (property.path("in_order").asBoolean(false) && !inOrder) {
            differences.add("layers are not in order: " + layers);
        }
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static @Nullable Object value(Object mapping, String key) {
        return mapping instanceof Map<?, ?> map ? map.get(key) : null;
    }

    /// Every layer must be that layer of one of the models, as must the tensors outside layers.
    private List<String> model(SortedMap<String, StoredTensor> output) throws IOException {
        List<SortedMap<String, StoredTensor>> models = new ArrayList<>();
        for (JsonNode model : property.path("models").values()) {
            models.add(Checkpoint.readModel(caseFolder.resolve(model.asString())));
        }
        SortedMap<String, List<String>> groups = new TreeMap<>();
        for (String name : models.getFirst().keySet()) {
            Matcher layer = LAYER.matcher(name);
            groups.computeIfAbsent(
                            layer.matches() ? "layer " + layer.group(1) : name,
                            key -> new ArrayList<>())
                    .add(name);
        }
        List<String> differences = new ArrayList<>();
        if (!output.keySet().equals(models.getFirst().keySet())) {
            differences.add("tensors are not those of the first model");
        }
        groups.forEach((group, names) -> {
            if (models.stream().noneMatch(model -> same(model, output, names))) {
                differences.add(group + ": not that of any one model");
            }
        });
        return differences;
    }

    private static boolean same(
            SortedMap<String, StoredTensor> model,
            SortedMap<String, StoredTensor> output,
            List<String> names) {
        return names.stream()
                .allMatch(name ->
                        model.containsKey(name)
                                && PropertyCheck.same(model.get(name), output.get(name)));
    }
}
