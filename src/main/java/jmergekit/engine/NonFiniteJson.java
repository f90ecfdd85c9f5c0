package jmergekit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was found of NaN and infinity in a finished shard, as a note that is kept beside it.
final class NonFiniteJson {
    private NonFiniteJson() {}

    static String write(List<NonFiniteTensor> tensors) {
        ArrayNode list = JsonTree.MAPPER.createArrayNode();
        for (NonFiniteTensor tensor : tensors) {
            ObjectNode node = list.addObject();
            node.put("tensor", tensor.output().name()).put("count", tensor.count());
            ArrayNode inputs = node.putArray("inputs");
            for (NonFiniteTensor.Input input : tensor.inputs()) {
                inputs.addObject()
                        .put("model", input.model())
                        .put("tensor", input.tensor())
                        .put("count", input.count());
            }
        }
        return list.toString();
    }

    /// Reads a note; tensors that are not in the plan are passed over. Throws an
    /// [IllegalArgumentException] if it is none.
    static List<NonFiniteTensor> read(String note, Plan plan) {
        Map<String, TensorSpec> specs =
                plan.tasks().stream()
                        .map(TensorTask::output)
                        .collect(Collectors.toMap(TensorSpec::name, s -> s));
        List<NonFiniteTensor> tensors = new ArrayList<>();
        try {
            for (JsonNode node : JsonTree.MAPPER.readTree(note)) {
                List<NonFiniteTensor.Input> inputs = new ArrayList<>();
                for (JsonNode input : node.path("inputs")) {
                    inputs.add(
                            new NonFiniteTensor.Input(
                                    input.path("model").asString(""),
                                    input.path("tensor").asString(""),
                                    input.path("count").asLong(0)));
                }
                TensorSpec spec = specs.get(node.path("tensor").asString(""));
                if (spec != null) {
                    tensors.add(new NonFiniteTensor(spec, node.path("count").asLong(0), inputs));
                }
            }
            return tensors;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no note about a shard: " + note, e);
        }
    }
}
