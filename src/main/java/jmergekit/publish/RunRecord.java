package jmergekit.publish;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What determines the bytes of a run's shards: only a run with an equal record may resume from
/// them.
///
/// @param plan the plan's hash
/// @param inputs the states of the input files, in words; empty for a process that makes one shard
///     from copies of the inputs, since copies may have other times
public record RunRecord(String plan, List<String> inputs) {
    private static final int FORMAT = 1;
    private static final long MAX_BYTES = 256 << 20;

    public RunRecord {
        inputs = List.copyOf(inputs);
    }

    /// Reads a record from a file; empty if there is none, or it is invalid.
    public static Optional<RunRecord> read(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? parse(JsonTree.read(file, MAX_BYTES, file.toString()))
                    : Optional.empty();
        } catch (MergeException e) {
            return Optional.empty();
        }
    }

    /// Parses the content of such a file.
    static Optional<RunRecord> parse(byte[] text) {
        try {
            return parse(JsonTree.read(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<RunRecord> parse(JsonNode json) {
        List<String> inputs = new ArrayList<>();
        json.path("inputs").forEach(i -> inputs.add(i.asString("")));
        return json.path("format").asInt(0) == FORMAT && json.path("plan").isString()
                ? Optional.of(new RunRecord(json.path("plan").stringValue(), inputs))
                : Optional.empty();
    }

    byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /// The content of a file with this record.
    public String text() {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("plan", plan);
        inputs.forEach(json.putArray("inputs")::add);
        return JsonTree.MAPPER.writeValueAsString(json);
    }

    /// Why a run with this record cannot resume from the shards of a run with another record.
    ///
    /// @param where the folder of the other run's shards
    Optional<Problem> difference(RunRecord other, String where) {
        if (!plan.equals(other.plan)) {
            return Optional.of(
                    Problem.output(where, "its shards belong to another plan")
                            .expected(plan)
                            .found(other.plan));
        }
        return inputs.equals(other.inputs) || inputs.isEmpty() || other.inputs.isEmpty()
                ? Optional.empty()
                : Optional.of(inputDifference(other, where));
    }

    private Problem inputDifference(RunRecord other, String where) {
        Problem problem = Problem.output(where, "its shards were made before an input was changed");
        for (int i = 0; i < Math.min(inputs.size(), other.inputs.size()); i++) {
            if (!inputs.get(i).equals(other.inputs.get(i))) {
                return problem.expected(inputs.get(i)).found(other.inputs.get(i));
            }
        }
        return problem.expected(inputs.size() + " inputs").found(other.inputs.size() + " inputs");
    }
}
