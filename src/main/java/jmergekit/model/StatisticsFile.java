package jmergekit.model;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightHeader;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A file of statistics of a model: a safetensors file with tensors `fisher.NAME`, in the shape of
/// the model's tensor `NAME`, and Gram matrices of the inputs of linear layers. Only its header is
/// read here.
///
/// @param metadata the entries of its header, such as `model`, `texts` and `tokens`
/// @param grams for the weight of each linear layer the name of its Gram matrix in the file
public record StatisticsFile(
        LooseWeights weights, Map<String, String> metadata, Map<String, String> grams) {
    /// The value of the metadata entry `format`.
    public static final String FORMAT = "jmergekit-statistics-1";

    private static final String FISHER = "fisher.";

    /// Opens the file of a reference. All errors are added to `problems`; the result is empty if it
    /// cannot be used.
    public static Optional<StatisticsFile> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        return LooseWeights.open(reference, models, problems).flatMap(w -> of(w, problems));
    }

    private static Optional<StatisticsFile> of(LooseWeights weights, Problems problems) {
        String where = weights.reference().toString();
        Map<String, String> metadata =
                weights.checkpoint().headers().getFirst() instanceof SafetensorsHeader header
                        ? header.metadata()
                        : Map.of();
        String format = metadata.get("format");
        if (!FORMAT.equals(format)) {
            problems.add(
                    Problem.input(where, "is not a file of statistics")
                            .expected("'format' of '%s' in its metadata".formatted(FORMAT))
                            .found(format == null ? "none" : "'" + format + "'")
                            .hint("make one with 'mergekit stats'"));
            return Optional.empty();
        }
        Optional<Map<String, String>> grams = grams(metadata.get("gram"), where, problems);
        return grams.map(g -> new StatisticsFile(weights, metadata, g));
    }

    private static Optional<Map<String, String>> grams(
            String text, String where, Problems problems) {
        Map<String, String> grams = new LinkedHashMap<>();
        if (text == null) {
            return Optional.of(grams);
        }
        try {
            JsonNode json = JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
            boolean names = json.isObject() && json.valueStream().allMatch(JsonNode::isString);
            if (names) {
                json.forEachEntry((weight, gram) -> grams.put(weight, gram.stringValue()));
                return Optional.of(grams);
            }
            problems.add(
                    Problem.input(where, "'gram' in its metadata is not as expected")
                            .expected("an object from names to names"));
        } catch (JacksonException e) {
            problems.add(Problem.input(where, "'gram' in its metadata is " + StrictJson.reason(e)));
        }
        return Optional.empty();
    }

    /// The file's name in messages.
    public String label() {
        return weights.reference().toString();
    }

    /// The kinds that its metadata names, such as `fisher`.
    public List<String> kinds() {
        return List.of(metadata.getOrDefault("kinds", "").split(","));
    }

    /// The names of the tensors whose Fisher information it has.
    public Set<String> fisherTensors() {
        return weights.checkpoint().tensors().stream()
                .map(TensorSpec::name)
                .filter(n -> n.startsWith(FISHER))
                .map(n -> n.substring(FISHER.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The Fisher information of a tensor.
    public Optional<TensorLocation> fisher(String tensor) {
        return weights.checkpoint().find(FISHER + tensor);
    }

    /// The Gram matrix of the inputs of a linear layer, by its weight's name. Empty if the file has
    /// no such tensor, even if its metadata names one.
    public Optional<TensorLocation> gram(String weight) {
        return Optional.ofNullable(grams.get(weight)).flatMap(weights.checkpoint()::find);
    }

    /// The name of the file's folder in plans.
    public String folderName() {
        ModelReference reference = weights.reference();
        String path = reference.path();
        int end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        String folder = end < 0 ? "." : end == 0 ? "/" : path.substring(0, end);
        return folder + reference.revision().map(r -> "@" + r).orElse("");
    }

    /// The file as it is described in plans.
    public InputFile inputFile(WeightHeader header) {
        InputFile file = weights.inputFile(header);
        return new InputFile(folderName(), file.name(), file.bytes(), file.header(), file.commit());
    }
}
