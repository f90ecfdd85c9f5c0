package jmergekit.evaluate;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.NextTokens;

/// The score of a task from a model's answers.
///
/// @param said the answers to all questions of the items
/// @param matches exact matches for all questions, if the task needs them
record TaskScores(
        List<Item> items, Map<Question, NextTokens> said, Map<Question, Boolean> matches) {
    Score of(Metric metric) {
        return switch (metric) {
            case LOG_LIKELIHOOD -> mean(item -> said.get(right(item)).sum());
            case PERPLEXITY -> perplexity();
            case ACC -> mean(item -> isRight((Item.Choice) item, false));
            case ACC_NORM -> mean(item -> isRight((Item.Choice) item, true));
            case EXACT_MATCH -> mean(item -> matches.get(right(item)) ? 1 : 0);
        };
    }

    private static Question right(Item item) {
        return switch (item) {
            case Item.Continuation(String context, String text) ->
                    new Question(context, text, true);
            case Item.Choice choice -> new Question(choice.context(), choice.right(), false);
        };
    }

    private double isRight(Item.Choice item, boolean byLength) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < item.choices().size(); i++) {
            String choice = item.choices().get(i);
            double sum = said.get(new Question(item.context(), choice, false)).sum();
            double value = byLength ? sum / choice.codePointCount(0, choice.length()) : sum;
            if (value > most) {
                most = value;
                best = i;
            }
        }
        return best == item.answer() ? 1 : 0;
    }

    private Score mean(ToDoubleFunction<Item> value) {
        return Score.mean(items.stream().mapToDouble(value).toArray());
    }

    // The standard error of a ratio of two means, and its exponential, to first order.
    private Score perplexity() {
        int n = items.size();
        double[] losses = new double[n];
        double[] tokens = new double[n];
        for (int i = 0; i < n; i++) {
            NextTokens next = said.get(right(items.get(i)));
            losses[i] = -next.sum();
            tokens[i] = next.best().length;
        }
        double perToken = DoubleStream.of(losses).sum() / DoubleStream.of(tokens).sum();
        double[] residuals = new double[n];
        for (int i = 0; i < n; i++) {
            residuals[i] = losses[i] - perToken * tokens[i];
        }
        double value = Math.exp(perToken);
        double meanTokens = DoubleStream.of(tokens).average().orElseThrow();
        OptionalDouble error = Score.standardError(residuals);
        return new Score(
                value,
                error.isEmpty()
                        ? error
                        : OptionalDouble.of(value * error.getAsDouble() / meanTokens),
                false,
                losses);
    }
}
