package jmergekit.evaluate;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What an evaluation reported for a metric, as written in its file.
///
/// @param metric its name there
/// @param value what should be a number
/// @param error its standard error, or a missing node
/// @param higherIsBetter if the report says so
/// @param items what should be a list of numbers, or a missing node
record Reported(
        String metric,
        JsonNode value,
        JsonNode error,
        Optional<Boolean> higherIsBetter,
        JsonNode items) {
    private static final Set<String> LOWER_IS_BETTER =
            Set.of(
                    "perplexity",
                    "word_perplexity",
                    "byte_perplexity",
                    "bits_per_byte",
                    "loss",
                    "brier_score",
                    "wer",
                    "ter");

    /// The score.
    ///
    /// @param task for messages
    /// @throws EvaluationException if a value is not a finite number
    Score score(String task) throws EvaluationException {
        String where = metric.isEmpty() ? task : task + " " + metric;
        double[] each = new double[items.isArray() ? items.size() : 0];
        if (!items.isMissingNode() && !items.isArray()) {
            throw new EvaluationException("'items' of " + where + " is not a list of numbers");
        }
        for (int i = 0; i < each.length; i++) {
            each[i] = number(items.get(i), "item " + i + " of " + where);
        }
        return new Score(
                number(value, where),
                standardError(),
                higherIsBetter.orElse(!LOWER_IS_BETTER.contains(metric.split(",", 2)[0])),
                each);
    }

    // lm-evaluation-harness writes 'N/A' if there is none.
    private OptionalDouble standardError() {
        return error.isNumber() && Double.isFinite(error.doubleValue()) && error.doubleValue() >= 0
                ? OptionalDouble.of(error.doubleValue())
                : OptionalDouble.empty();
    }

    private static double number(JsonNode node, String where) throws EvaluationException {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            String text = node.toString();
            throw new EvaluationException(
                    "%s is not a finite number but %s"
                            .formatted(where, text.length() > 80 ? text.substring(0, 80) : text));
        }
        return node.doubleValue();
    }
}
