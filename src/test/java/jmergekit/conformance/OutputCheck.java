package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Compares an output folder with the expected one: everything under a case's `compare`.
final class OutputCheck {
    private final ConformanceCase theCase;
    private final Path output;
    private final Path again;
    private final Allowance allowance;

    OutputCheck(ConformanceCase theCase, Path output, Path again, Allowance allowance) {
        this.theCase = theCase;
        this.output = output;
        this.again = again;
        this.allowance = allowance;
    }

    /// What is wrong; empty if the output is as expected. Files that cannot be read are
    /// differences.
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : theCase.compare().properties()) {
            try {
                differences.addAll(differences(entry.getKey(), entry.getValue()));
            } catch (IOException
                    | IllegalArgumentException
                    | IndexOutOfBoundsException
                    | JacksonException unreadable) {
                differences.add(entry.getKey() + ": " + unreadable);
            }
        }
        differences.removeIf(allowance::expected);
        return differences;
    }

    private List<String> differences(String key, JsonNode policy) throws IOException {
        FileCheck files = new FileCheck(theCase.expected(), output);
        return switch (key) {
            case "tensors" -> tensors(policy);
            case "config_keys" -> files.configKeys(policy, tensorFolder());
            case "tokenizer" -> tokenizer(policy).differences();
            case "files_present" -> files.present(policy);
            case "files_absent" -> files.absent(policy);
            case "files_equal" -> files.equal(policy);
            case "json_equal" -> files.jsonEqual(policy);
            case "readme" ->
                    policy.asBoolean(false)
                            ? CardCheck.differences(theCase.expected(), output)
                            : List.of();
            case "shards" -> files.shards(policy);
            case "adapter" ->
                    new AdapterCheck(policy, theCase.folder(), theCase.expected(), output)
                            .differences();
            case "property" ->
                    new PropertyCheck(policy, theCase.folder()).differences(output, again);
            case "tensor_dir" -> List.of();
            default -> throw new IllegalArgumentException("unknown kind of comparison");
        };
    }

    private String tensorFolder() {
        return theCase.compare().path("tensor_dir").asString("");
    }

    private TokenizerCheck tokenizer(JsonNode policy) throws IOException {
        return new TokenizerCheck(policy, theCase.expected(), output);
    }

    private List<String> tensors(JsonNode policy) throws IOException {
        TensorCheck check =
                new TensorCheck(policy, theCase.expected().resolve(tensorFolder()), allowance);
        SortedMap<String, StoredTensor> tensors =
                Checkpoint.readModel(output.resolve(tensorFolder()));
        if (theCase.compare().has("tokenizer")) {
            tensors = tokenizer(theCase.compare().path("tokenizer")).inExpectedOrder(tensors);
        }
        return check.differences(tensors);
    }
}
