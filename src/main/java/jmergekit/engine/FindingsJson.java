package jmergekit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.source.QuantisationLoss;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The findings of a finished shard, as a note that is kept next to it.
final class FindingsJson {
    private static final String NON_FINITE = "non_finite";
    private static final String QUANTISED = "quantised";
    private static final String TRUNCATED = "truncated";

    private FindingsJson() {}

    static String write(Findings findings) {
        ObjectNode note = JsonTree.MAPPER.createObjectNode();
        ArrayNode list = note.putArray(NON_FINITE);
        for (NonFiniteTensor tensor : findings.nonFinite()) {
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
        ArrayNode quantised = note.putArray(QUANTISED);
        for (QuantisationError error : findings.quantised()) {
            quantised
                    .addObject()
                    .put("tensor", error.tensor())
                    .put("squared_error", error.loss().squaredError())
                    .put("squared_norm", error.loss().squaredNorm())
                    .put("largest", error.loss().largest())
                    .put("count", error.loss().nonFinite());
        }
        if (!findings.truncated().isEmpty()) {
            ArrayNode truncated = note.putArray(TRUNCATED);
            for (Truncation truncation : findings.truncated()) {
                truncated
                        .addObject()
                        .put("tensor", truncation.tensor())
                        .put("norm", truncation.norm())
                        .put("error", truncation.error());
            }
        }
        return note.toString();
    }

    /// Reads a note. Throws an [IllegalArgumentException] if it is not a note about tensors of the
    /// plan.
    static Findings read(String note, Plan plan) {
        Map<String, TensorSpec> specs =
                plan.tasks().stream()
                        .map(TensorTask::output)
                        .collect(Collectors.toMap(TensorSpec::name, s -> s));
        try {
            JsonNode root = JsonTree.MAPPER.readTree(note);
            require(root != null && root.isObject());
            List<NonFiniteTensor> tensors = new ArrayList<>();
            for (JsonNode node : list(root.path(NON_FINITE))) {
                List<NonFiniteTensor.Input> inputs = new ArrayList<>();
                for (JsonNode input : list(node.path("inputs"))) {
                    inputs.add(
                            new NonFiniteTensor.Input(
                                    text(input, "model"), text(input, "tensor"), count(input)));
                }
                tensors.add(new NonFiniteTensor(spec(node, specs), count(node), inputs));
            }
            List<QuantisationError> errors = new ArrayList<>();
            for (JsonNode node : list(root.path(QUANTISED))) {
                QuantisationLoss loss =
                        new QuantisationLoss(
                                number(node, "squared_error"),
                                number(node, "squared_norm"),
                                number(node, "largest"),
                                count(node));
                errors.add(new QuantisationError(spec(node, specs).name(), loss));
            }
            return new Findings(tensors, errors, truncated(root, specs));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a note about a shard", e);
        }
    }

    private static List<Truncation> truncated(JsonNode root, Map<String, TensorSpec> specs) {
        List<Truncation> truncated = new ArrayList<>();
        if (root.has(TRUNCATED)) {
            for (JsonNode node : list(root.path(TRUNCATED))) {
                TensorSpec spec = spec(node, specs);
                require(spec.shape().rank() > 0);
                truncated.add(
                        new Truncation(
                                spec.name(),
                                spec.shape().size(0),
                                number(node, "norm"),
                                number(node, "error")));
            }
        }
        return truncated;
    }

    private static TensorSpec spec(JsonNode node, Map<String, TensorSpec> specs) {
        TensorSpec spec = specs.get(text(node, "tensor"));
        if (spec == null) {
            throw new IllegalArgumentException("a note about a different plan");
        }
        return spec;
    }

    private static double number(JsonNode node, String name) {
        require(node.path(name).isNumber());
        double number = node.path(name).asDouble();
        require(number >= 0 && number <= Double.MAX_VALUE);
        return number;
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
            throw new IllegalArgumentException("not a note about a shard");
        }
    }
}
