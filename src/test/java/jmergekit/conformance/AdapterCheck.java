package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jmergekit.fixture.Matrix;
import tools.jackson.databind.JsonNode;

/// Checks an extracted LoRA adapter. Factors are not unique, so what counts is their scaled
/// product: it must be as close to the true difference as the best approximation of its rank, and
/// equal to the expected product. All other tensors must equal the expected ones.
final class AdapterCheck {
    private static final Set<String> KEYS =
            Set.of("base", "model", "balanced", "atol_rel", "product_rel", "other_atol");
    private static final String PREFIX = "base_model.model.";
    private static final double ATOL_REL = 1e-4;
    private static final double PRODUCT_REL = 1e-3;
    private static final double NORM_REL = 1e-3;

    private final JsonNode policy;
    private final SortedMap<String, StoredTensor> base;
    private final SortedMap<String, StoredTensor> model;
    private final Side expected;
    private final Side actual;
    private final List<String> differences = new ArrayList<>();

    /// One adapter: its configuration and tensors.
    private record Side(JsonNode config, SortedMap<String, StoredTensor> tensors) {
        static Side read(Path folder) throws IOException {
            return new Side(
                    Json.read(folder.resolve("adapter_config.json")),
                    Checkpoint.readFile(folder.resolve("adapter_model.safetensors")));
        }

        Set<String> modules(String key) {
            return config.path(key)
                    .valueStream()
                    .map(JsonNode::asString)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /// What the product of a module's factors is multiplied by.
        double scale(String module, int rank) {
            double alpha = config.path("lora_alpha").asDouble(0);
            for (Map.Entry<String, JsonNode> entry : config.path("alpha_pattern").properties()) {
                if (module.equals(entry.getKey()) || module.endsWith("." + entry.getKey())) {
                    alpha = entry.getValue().asDouble();
                }
            }
            return alpha / (config.path("use_rslora").asBoolean(false) ? Math.sqrt(rank) : rank);
        }

        int rank(String module) {
            int rank = config.path("r").asInt(0);
            for (Map.Entry<String, JsonNode> entry : config.path("rank_pattern").properties()) {
                if (module.equals(entry.getKey()) || module.endsWith("." + entry.getKey())) {
                    rank = entry.getValue().asInt();
                }
            }
            return rank;
        }
    }

    AdapterCheck(JsonNode policy, Path caseFolder, Path expectedFolder, Path output)
            throws IOException {
        for (String key : policy.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key '" + key + "' under adapter");
            }
        }
        this.policy = policy;
        this.base = Checkpoint.readModel(caseFolder.resolve(policy.path("base").asString()));
        this.model = Checkpoint.readModel(caseFolder.resolve(policy.path("model").asString()));
        this.expected = Side.read(expectedFolder);
        this.actual = Side.read(output);
    }

    List<String> differences() {
        compareConfig();
        Set<String> missing = new TreeSet<>(expected.tensors.keySet());
        missing.removeAll(actual.tensors.keySet());
        missing.forEach(name -> differences.add(name + ": missing"));
        Set<String> extra = new TreeSet<>(actual.tensors.keySet());
        extra.removeAll(expected.tensors.keySet());
        extra.forEach(name -> differences.add(name + ": not expected"));
        expected.tensors.forEach((name, wanted) -> {
            StoredTensor found = actual.tensors.get(name);
            if (found != null) {
                compareTensor(name, wanted, found);
            }
        });
        return differences;
    }

    private void compareConfig() {
        for (String key : List.of("peft_type", "base_model_name_or_path", "r", "task_type")) {
            JsonNode e = expected.config.path(key);
            if (!Json.same(e, actual.config.path(key))) {
                differences.add(
                        "adapter_config.json: %s is %s, expected %s"
                                .formatted(key, actual.config.path(key), e));
            }
        }
        for (String key : List.of("target_modules", "modules_to_save")) {
            if (!expected.modules(key).equals(actual.modules(key))) {
                differences.add(
                        "adapter_config.json: %s are %s, expected %s"
                                .formatted(key, actual.modules(key), expected.modules(key)));
            }
        }
    }

    private void compareTensor(String name, StoredTensor wanted, StoredTensor found) {
        if (!found.shape().equals(wanted.shape()) || !found.dtype().equals(wanted.dtype())) {
            differences.add(
                    "%s: %s %s, expected %s %s"
                            .formatted(
                                    name,
                                    found.dtype(),
                                    found.shape(),
                                    wanted.dtype(),
                                    wanted.shape()));
        } else if (name.endsWith(".lora_A.weight")) {
            compareModule(name, name.replace(".lora_A.", ".lora_B."), false);
        } else if (name.endsWith(".lora_embedding_A")) {
            compareModule(name, name.replace("_embedding_A", "_embedding_B"), true);
        } else if (!name.endsWith(".lora_B.weight") && !name.endsWith(".lora_embedding_B")) {
            double atol = policy.path("other_atol").asDouble(0);
            for (int i = 0; i < wanted.count(); i++) {
                double distance = Math.abs(found.value(i) - wanted.value(i));
                if (!(distance <= atol)) {
                    differences.add(
                            "%s: %s at %d, expected %s"
                                    .formatted(name, found.value(i), i, wanted.value(i)));
                    return;
                }
            }
        }
    }

    private void compareModule(String nameA, String nameB, boolean embedding) {
        String module = nameA.substring(PREFIX.length(), nameA.lastIndexOf(".lora_"));
        StoredTensor factorB = actual.tensors.get(nameB);
        StoredTensor from = base.get(module + ".weight");
        StoredTensor to = model.get(module + ".weight");
        if (factorB == null || from == null || to == null) {
            differences.add(module + ": incomplete");
            return;
        }
        Matrix a = matrix(actual.tensors.get(nameA));
        Matrix b = matrix(factorB);
        if (actual.rank(module) != a.rows()) {
            differences.add(
                    "%s: rank %d, the configuration says %d"
                            .formatted(module, a.rows(), actual.rank(module)));
        }
        Matrix difference = matrix(to).plus(-1, matrix(from));
        difference = embedding ? difference.transposed() : difference;
        Matrix product = scaled(actual, module, a, b);
        double distance = product.plus(-1, difference).norm();
        double best = difference.distanceOfBest(a.rows());
        double slack = policy.path("atol_rel").asDouble(ATOL_REL) * difference.norm();
        if (!(distance <= best + slack)) {
            differences.add(
                    "%s: %s from the true difference, the best of rank %d is %s"
                            .formatted(module, distance, a.rows(), best));
        }
        Matrix wanted =
                scaled(
                        expected,
                        module,
                        matrix(expected.tensors.get(nameA)),
                        matrix(expected.tensors.get(nameB)));
        double apart = product.plus(-1, wanted).norm();
        if (!(apart <= policy.path("product_rel").asDouble(PRODUCT_REL) * wanted.norm())) {
            differences.add("%s: product is %s from the expected one".formatted(module, apart));
        }
        compareScaleOfFactors(module, a, b.transposed());
    }

    private static Matrix matrix(StoredTensor tensor) {
        if (tensor.shape().size() != 2) {
            throw new IllegalArgumentException("not a matrix: " + tensor.shape());
        }
        Matrix matrix = Matrix.zeros(tensor.shape().get(0), tensor.shape().get(1));
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                matrix.values()[row][column] = tensor.value(row * matrix.columns() + column);
            }
        }
        return matrix;
    }

    private static Matrix scaled(Side side, String module, Matrix a, Matrix b) {
        Matrix product = b.times(a);
        return Matrix.zeros(product.rows(), product.columns())
                .plus(side.scale(module, a.rows()), product);
    }

    /// Balanced: the scale of each component is shared between its row of A and its column of B.
    /// Not balanced: columns of B have length 1.
    private void compareScaleOfFactors(String module, Matrix a, Matrix columnsOfB) {
        if (!policy.has("balanced")) {
            return;
        }
        for (int i = 0; i < a.rows(); i++) {
            double wanted = policy.path("balanced").asBoolean() ? a.rowNorm(i) : 1;
            double found = columnsOfB.rowNorm(i);
            if (!(Math.abs(found - wanted) <= NORM_REL * wanted)) {
                differences.add(
                        "%s: column %d of B has norm %s, expected %s"
                                .formatted(module, i, found, wanted));
                return;
            }
        }
    }
}
