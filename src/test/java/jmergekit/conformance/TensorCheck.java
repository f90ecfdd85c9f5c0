package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares all tensors of an output with the expected ones under a `tensors` policy.
final class TensorCheck {
    private final JsonNode policy;
    private final Allowance allowance;
    private final SortedMap<String, StoredTensor> expected;
    private final SortedMap<String, StoredTensor> oracle;
    private final SortedMap<String, StoredTensor> alternative;

    /// `folder` holds the expected weights and, beside them, the oracle and the alternative.
    TensorCheck(JsonNode policy, Path folder, Allowance allowance) throws IOException {
        this.policy = policy;
        this.allowance = allowance;
        this.expected = layout(Checkpoint.readModel(folder));
        this.oracle = layout(optional(folder.resolve("oracle.safetensors")));
        this.alternative = layout(optional(folder.resolve("alternative.safetensors")));
    }

    private static SortedMap<String, StoredTensor> optional(Path file) throws IOException {
        return Files.exists(file) ? Checkpoint.readFile(file) : new TreeMap<>();
    }

    private SortedMap<String, StoredTensor> layout(SortedMap<String, StoredTensor> tensors) {
        return policy.path("moe_layout").asBoolean(false) ? ExpertLayout.fused(tensors) : tensors;
    }

    @Nullable StoredTensor oracle(String name) {
        return oracle.get(name);
    }

    /// The rule for a tensor of this name.
    Tolerance tolerance(String name) {
        for (Map.Entry<String, JsonNode> override : policy.path("overrides").properties()) {
            if (Pattern.compile(override.getKey()).matcher(name).find()) {
                return allowance.loosened(name, Tolerance.of(override.getValue()));
            }
        }
        return allowance.loosened(name, Tolerance.of(policy));
    }

    Set<String> ignored() {
        return policy.path("ignore_tensors")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
    }

    /// What is wrong with `output`.
    List<String> differences(SortedMap<String, StoredTensor> output) {
        SortedMap<String, StoredTensor> actual = layout(output);
        List<String> differences = new ArrayList<>();
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(actual.keySet());
        missing.forEach(name -> differences.add(name + ": missing"));
        Set<String> extra = new TreeSet<>(actual.keySet());
        extra.removeAll(expected.keySet());
        extra.removeIf(allowance::extra);
        extra.forEach(name -> differences.add(name + ": not expected"));
        Set<String> ignored = ignored();
        expected.forEach((name, wanted) -> {
            StoredTensor found = actual.get(name);
            if (found != null) {
                String wrong = difference(name, found, wanted, ignored.contains(name));
                if (wrong != null) {
                    differences.add(name + ": " + wrong);
                }
            }
        });
        return differences;
    }

    private @Nullable String difference(
            String name, StoredTensor found, StoredTensor wanted, boolean ignoreValues) {
        String wrong = difference(name, found, wanted, oracle.get(name), ignoreValues);
        StoredTensor other = alternative.get(name);
        if (wrong != null
                && other != null
                && difference(name, found, other, null, ignoreValues) == null) {
            return null;
        }
        return wrong;
    }

    private @Nullable String difference(
            String name,
            StoredTensor found,
            StoredTensor wanted,
            @Nullable StoredTensor precise,
            boolean ignoreValues) {
        if (!found.shape().equals(wanted.shape())) {
            return "shape " + found.shape() + ", expected " + wanted.shape();
        }
        if (policy.path("dtypes").asBoolean(true) && !found.dtype().equals(wanted.dtype())) {
            return "dtype " + found.dtype() + ", expected " + wanted.dtype();
        }
        if (precise != null && !precise.shape().equals(wanted.shape())) {
            return "the oracle has shape " + precise.shape();
        }
        return ignoreValues ? null : tolerance(name).difference(found, wanted, precise);
    }
}
