package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Small damages to a right output, each of which a check must notice.
final class Perturbation {
    /// Changes files of an output folder.
    interface Damage {
        void apply(Path output) throws IOException;
    }

    private final ConformanceCase theCase;
    private final Allowance allowance;
    private final Map<String, Damage> damages = new LinkedHashMap<>();

    private Perturbation(ConformanceCase theCase, Allowance allowance) {
        this.theCase = theCase;
        this.allowance = allowance;
    }

    /// The damages that fit a case, by what they do.
    static Map<String, Damage> of(ConformanceCase theCase, Allowance allowance) throws IOException {
        Perturbation perturbation = new Perturbation(theCase, allowance);
        perturbation.addFiles();
        perturbation.addTokenizer();
        if (theCase.compare().has("tensors")) {
            perturbation.damages.put("tensor element", perturbation::moveElements);
        }
        if (theCase.compare().has("adapter")) {
            perturbation.damages.put("scale of a factor", Perturbation::scaleFactor);
        }
        return perturbation.damages;
    }

    private void addFiles() {
        JsonNode compare = theCase.compare();
        if (compare.has("config_keys")) {
            damages.put("key of config.json", this::changeConfig);
        }
        for (JsonNode file : compare.path("files_present").values()) {
            damages.put(file + " removed", output -> Files.delete(output.resolve(file.asString())));
        }
        for (JsonNode file : compare.path("files_absent").values()) {
            damages.put(
                    file + " added", output -> Files.createFile(output.resolve(file.asString())));
        }
        for (JsonNode file : compare.path("files_equal").values()) {
            damages.put(file + " longer", output -> append(output.resolve(file.asString())));
        }
        if (compare.has("readme")) {
            damages.put(
                    "model in the card",
                    output -> replace(output.resolve("README.md"), "\n* ", "\n* not-"));
        }
        if (compare.has("shards")) {
            damages.put(
                    "total_size",
                    output ->
                            replace(
                                    output.resolve(Checkpoint.INDEX),
                                    "\"total_size\": ",
                                    "\"total_size\": 1"));
        }
    }

    private void addTokenizer() {
        if (!theCase.compare().has("tokenizer")) {
            return;
        }
        damages.put("special flag", output -> changeTokens(output, Perturbation::flipSpecial));
        damages.put("two ids", output -> changeTokens(output, this::swapIds));
        if (Files.exists(theCase.expected().resolve("chat_template.jinja"))) {
            damages.put("chat template", output -> append(output.resolve("chat_template.jinja")));
        }
        if (theCase.compare().path("tokenizer").path("merges").asBoolean(false)) {
            damages.put("merges", Perturbation::addMerge);
        }
    }

    private static void append(Path file) throws IOException {
        Files.writeString(file, "\n", StandardOpenOption.APPEND);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        Files.writeString(file, Files.readString(file).replace(from, to));
    }

    private void changeConfig(Path output) throws IOException {
        Path file =
                output.resolve(theCase.compare().path("tensor_dir").asString(""))
                        .resolve("config.json");
        ObjectNode config = (ObjectNode) Json.read(file);
        for (JsonNode key : theCase.compare().path("config_keys").values()) {
            String name = key.asString();
            if (config.has(name)) {
                config.put(name, "damaged");
                Files.writeString(file, config.toString());
                return;
            }
        }
    }

    private interface TokenDamage {
        void apply(ArrayNode addedTokens);
    }

    private static void changeTokens(Path output, TokenDamage damage) throws IOException {
        Path file = output.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) Json.read(file);
        damage.apply((ArrayNode) tokenizer.get("added_tokens"));
        Files.writeString(file, tokenizer.toString());
    }

    private static void flipSpecial(ArrayNode tokens) {
        ObjectNode token = (ObjectNode) tokens.get(0);
        token.put("special", !token.get("special").asBoolean());
    }

    /// Where some elements may differ, two rows could go unnoticed: there two fixed ids are
    /// swapped.
    private void swapIds(ArrayNode tokens) {
        double spare = theCase.compare().path("tensors").path("max_mismatch_fraction").asDouble(0);
        ObjectNode a = (ObjectNode) tokens.get(spare > 0 ? 0 : tokens.size() - 1);
        ObjectNode b = (ObjectNode) tokens.get(spare > 0 ? 1 : tokens.size() - 2);
        int id = a.get("id").asInt();
        a.put("id", b.get("id").asInt());
        b.put("id", id);
    }

    private static void addMerge(Path output) throws IOException {
        Path file = output.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) Json.read(file);
        ObjectNode model = (ObjectNode) tokenizer.get("model");
        ArrayNode merges =
                model.get("merges") instanceof ArrayNode array ? array : model.putArray("merges");
        merges.addArray().add("x").add("y");
        Files.writeString(file, tokenizer.toString());
    }

    private static void scaleFactor(Path output) throws IOException {
        Path file = output.resolve("adapter_model.safetensors");
        SortedMap<String, StoredTensor> tensors = Checkpoint.readFile(file);
        String name =
                tensors.keySet().stream()
                        .filter(key -> key.contains("lora_B"))
                        .findFirst()
                        .orElseThrow();
        StoredTensor factor = tensors.get(name);
        for (int i = 0; i < factor.count(); i++) {
            factor = factor.with(i, factor.value(i) * 1.1);
        }
        tensors.put(name, factor);
        Checkpoint.write(file, tensors);
    }

    /// Moves as few elements of one tensor as must be noticed, just beyond the tolerance.
    private void moveElements(Path output) throws IOException {
        String folder = theCase.compare().path("tensor_dir").asString("");
        TensorCheck check =
                new TensorCheck(
                        theCase.compare().path("tensors"),
                        theCase.expected().resolve(folder),
                        allowance);
        Path file =
                output.resolve(folder)
                        .resolve(Checkpoint.weightFiles(output.resolve(folder)).iterator().next());
        SortedMap<String, StoredTensor> tensors = Checkpoint.readFile(file);
        List<String> names = new ArrayList<>(tensors.keySet());
        names.removeAll(check.ignored());
        String name = names.get(names.size() / 2);
        StoredTensor tensor = tensors.get(name);
        Tolerance tolerance = check.tolerance(name);
        for (int i = 0; i <= tolerance.allowed(tensor.count()); i++) {
            tensor = moved(tensor, i, tolerance, check.oracle(name));
        }
        tensors.put(name, tensor);
        Checkpoint.write(file, tensors);
    }

    /// Moves one element away from its own value and from the oracle. Two units beyond the limit,
    /// because rounding to the dtype may take one back.
    private static StoredTensor moved(
            StoredTensor tensor, int i, Tolerance tolerance, @Nullable StoredTensor oracle) {
        double value = tensor.value(i);
        double target = oracle == null ? value : oracle.value(i);
        double away = value >= target ? 1 : -1;
        return switch (tolerance.mode()) {
            case EXACT -> tensor.withLowestBitInverted(i);
            case ALLCLOSE ->
                    tensor.with(
                            i,
                            value
                                    + away
                                            * (1e-7 * Math.abs(value)
                                                    + 1.5 * slack(tolerance, value)));
            case ULP ->
                    tensor.with(
                            i,
                            value
                                    + away
                                            * ((tolerance.ulps() + 2) * tolerance.unit(value)
                                                    + 2 * tolerance.noise(tensor)));
            case ALLCLOSE_ORACLE ->
                    tensor.with(i, target + away * (1.5 * slack(tolerance, target) + 0.01));
        };
    }

    private static double slack(Tolerance tolerance, double value) {
        return tolerance.atol() + tolerance.rtol() * Math.abs(value);
    }
}
