package jmergekit.evolve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An [Evaluation] as one line of JSON. Scores of single items are stored only for held-out items,
/// where models are compared item by item, and only up to a limit.
final class EvaluationJson {
    /// More would make the line too long to read back.
    private static final int MOST_ITEMS = 200_000;

    private EvaluationJson() {}

    /// @param seed of the search
    static String line(Evaluation evaluation, long seed) {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("number", evaluation.number());
        evaluation.baseline().ifPresent(name -> json.put("baseline", name));
        json.put("split", evaluation.split().text());
        evaluation.point().ifPresent(p -> numbers(json.putArray("vector"), p.values()));
        evaluation.hash().ifPresent(hash -> json.put("recipe", hash));
        json.put("seed", seed);
        evaluation.objective().ifPresent(value -> json.put("objective", value));
        long items = evaluation.scores().values().stream().mapToLong(s -> s.items().length).sum();
        boolean withItems = evaluation.split() == Split.HELD_OUT && items <= MOST_ITEMS;
        if (!evaluation.scores().isEmpty()) {
            ObjectNode scores = json.putObject("scores");
            evaluation.scores().forEach((task, s) -> score(scores.putObject(task), s, withItems));
        }
        json.put("merge_seconds", evaluation.mergeSeconds());
        json.put("evaluate_seconds", evaluation.evaluateSeconds());
        evaluation.failure().ifPresent(why -> json.put("failure", why));
        evaluation.sameAs().ifPresent(number -> json.put("same_as", number));
        return JsonTree.MAPPER.writeValueAsString(json);
    }

    private static void numbers(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(value);
        }
    }

    private static void score(ObjectNode json, Score score, boolean withItems) {
        json.put("value", score.value());
        score.standardError().ifPresent(error -> json.put("stderr", error));
        json.put("higher_is_better", score.higherIsBetter());
        if (withItems && score.items().length > 0) {
            numbers(json.putArray("items"), score.items());
        }
    }

    /// Parses the output of [#line].
    ///
    /// @throws IllegalArgumentException with the reason if it is invalid
    static Evaluation evaluation(JsonNode json) {
        Map<String, Score> scores = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("scores").properties()) {
            scores.put(entry.getKey(), score(entry.getValue()));
        }
        OptionalDouble objective =
                json.has("objective")
                        ? OptionalDouble.of(number(json.path("objective")))
                        : OptionalDouble.empty();
        return new Evaluation(
                whole(json.path("number")),
                text(json, "baseline"),
                split(text(json, "split").orElse("")),
                json.has("vector")
                        ? Optional.of(new Point(array(json.path("vector"))))
                        : Optional.empty(),
                text(json, "recipe"),
                objective,
                scores,
                number(json.path("merge_seconds")),
                number(json.path("evaluate_seconds")),
                text(json, "failure"),
                json.has("same_as")
                        ? OptionalLong.of(whole(json.path("same_as")))
                        : OptionalLong.empty());
    }

    private static Split split(String text) {
        try {
            return Split.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'split' is not a known split", e);
        }
    }

    private static Score score(JsonNode json) {
        return new Score(
                number(json.path("value")),
                json.has("stderr")
                        ? OptionalDouble.of(number(json.path("stderr")))
                        : OptionalDouble.empty(),
                json.path("higher_is_better").asBoolean(true),
                array(json.path("items")));
    }

    private static Optional<String> text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static double[] array(JsonNode json) {
        List<Double> values = new ArrayList<>();
        json.forEach(value -> values.add(number(value)));
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double number(JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException("a number is missing");
        }
        return value.doubleValue();
    }

    private static long whole(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IllegalArgumentException("a count is missing");
        }
        return value.longValue();
    }
}
