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

    /// Reads a note. Throws an [IllegalArgumentException] if it is none of tensors of the plan.
    static List<NonFiniteTensor> read(String note, Plan plan) {
        Map<String, TensorSpec> specs =
                plan.tasks().stream()
                        .map(TensorTask::output)
                        .collect(Collectors.toMap(TensorSpec::name, s -> s));
        try {
            List<NonFiniteTensor> tensors = new ArrayList<>();
            for (JsonNode node : list(JsonTree.MAPPER.readTree(note))) {
                TensorSpec spec = specs.get(text(node, "tensor"));
                require(spec != null);
                List<NonFiniteTensor.Input> inputs = new ArrayList<>();
                for (JsonNode input : list(node.path("inputs"))) {
                    inputs.add(
                            new NonFiniteTensor.Input(
                                    text(input, "model"), text(input, "tensor"), count(input)));
                }
                tensors.add(new NonFiniteTensor(spec, count(node), inputs));
            }
            return tensors;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no note about a shard", e);
        }
    }

    private static JsonNode list(JsonNode node) {
        require(node != null && node.isArray());
        return node;
    }

    private static String text(JsonNode node, String name) {
        require(node.path(name).isString());
        return node.path(name).stringValue();
    }

    private static long count(JsonNode node) {
        JsonNode count = node.path("count");
        require(count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0);
        return count.longValue();
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no note about a shard");
        }
    }
}
