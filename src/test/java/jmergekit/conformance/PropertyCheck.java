package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks what random results must have in common.
final class PropertyCheck {
    private static final Map<String, String> DTYPES =
            Map.of("float32", "F32", "bfloat16", "BF16", "float16", "F16");

    private final JsonNode property;
    private final Path caseFolder;

    PropertyCheck(JsonNode property, Path caseFolder) {
        this.property = property;
        this.caseFolder = caseFolder;
    }

    /// `again` is the output of a second run, for what must be repeatable.
    ///
    /// @throws IllegalArgumentException if the property is of a kind unknown to this checker
    List<String> differences(Path output, Path again) throws IOException {
        String kind = property.path("kind").asString("");
        return switch (kind) {
            case "random_drop" ->
                    new DropCheck(property)
                            .differences(
                                    input(property.path("base")),
                                    input(property.path("model")),
                                    Checkpoint.readModel(output));
            case "repeatable" ->
                    repeatable(Checkpoint.readModel(output), Checkpoint.readModel(again));
            case "shapes" -> shapes(Checkpoint.readModel(output));
            case "shuffle_yaml", "shuffle_model" ->
                    new ShuffleCheck(property, caseFolder).differences(output);
            default -> throw new IllegalArgumentException("unknown property '" + kind + "'");
        };
    }

    private SortedMap<String, StoredTensor> input(JsonNode model) throws IOException {
        return Checkpoint.readModel(caseFolder.resolve(model.asString()));
    }

    private static List<String> repeatable(
            SortedMap<String, StoredTensor> first, SortedMap<String, StoredTensor> second) {
        List<String> differences = new ArrayList<>();
        if (!first.keySet().equals(second.keySet())) {
            differences.add("the two runs wrote different tensors");
            return differences;
        }
        first.forEach((name, tensor) -> {
            if (!same(tensor, second.get(name))) {
                differences.add(name + ": differs between two runs with the same seed");
            }
        });
        return differences;
    }

    /// Whether both are the same in dtype, shape and every bit.
    static boolean same(StoredTensor a, @Nullable StoredTensor b) {
        return b != null
                && a.dtype().equals(b.dtype())
                && a.shape().equals(b.shape())
                && a.bytes().equals(b.bytes());
    }

    private List<String> shapes(SortedMap<String, StoredTensor> tensors) {
        SortedMap<String, StoredTensor> output =
                property.path("moe_layout").asBoolean(false)
                        ? ExpertLayout.fused(tensors)
                        : tensors;
        SortedMap<String, String> expected = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : property.path("tensors").properties()) {
            String dtype = entry.getValue().path(1).asString();
            expected.put(
                    entry.getKey(),
                    DTYPES.getOrDefault(dtype, dtype.toUpperCase(Locale.ROOT))
                            + entry.getValue().path(0).valueStream().map(JsonNode::asInt).toList());
        }
        SortedMap<String, String> actual = new TreeMap<>();
        output.forEach((name, tensor) -> actual.put(name, tensor.dtype() + tensor.shape()));
        List<String> differences = new ArrayList<>();
        SortedMap<String, String> names = new TreeMap<>(expected);
        names.putAll(actual);
        for (String name : names.keySet()) {
            if (!Objects.equals(expected.get(name), actual.get(name))) {
                differences.add(
                        "%s: %s, expected %s"
                                .formatted(name, actual.get(name), expected.get(name)));
            }
        }
        double bound =
                property.path("bound").isNumber()
                        ? property.path("bound").asDouble()
                        : Double.POSITIVE_INFINITY;
        output.forEach((name, tensor) -> {
            if (name.endsWith("gate.weight")) {
                checkGate(name, tensor.values(), bound, differences);
            }
        });
        return differences;
    }

    /// Random values: within the bound, finite, and not all the same.
    private static void checkGate(
            String name, double[] values, double bound, List<String> differences) {
        boolean varied = false;
        for (double value : values) {
            varied |= value != values[0];
            if (!Double.isFinite(value) || Math.abs(value) > bound * (1 + 1e-6)) {
                differences.add("%s: %s is beyond %s".formatted(name, value, bound));
                return;
            }
        }
        if (!varied) {
            differences.add(name + ": all values are the same");
        }
    }
}
