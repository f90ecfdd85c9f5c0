package jmergekit.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;

/// A task for a server.
///
/// @param extract finds the answer in what was said
record EndpointTask(TaskItems items, EndpointMetric metric, Optional<Pattern> extract) {
    /// @throws MergeException if its metric or pattern is none
    static EndpointTask of(TaskItems items) {
        Task task = items.task();
        Optional<Pattern> extract = task.extract().map(text -> pattern(task, text));
        EndpointMetric metric =
                task.metric()
                        .map(name -> metric(task, name))
                        .orElse(
                                items.search().getFirst() instanceof Item.Choice
                                        ? EndpointMetric.ACC
                                        : EndpointMetric.EXACT_MATCH);
        if (metric == EndpointMetric.REGEX && extract.isEmpty()) {
            throw new MergeException(
                    Problem.usage(task.name(), "metric 'regex' without an 'extract' pattern"));
        }
        boolean choices = items.search().getFirst() instanceof Item.Choice;
        if (choices != (metric == EndpointMetric.ACC) && metric != EndpointMetric.LOG_LIKELIHOOD) {
            throw new MergeException(
                    Problem.usage(
                                    task.name(),
                                    "metric '%s' is not for its items".formatted(metric.text()))
                            .expected("'acc' for choices, 'exact_match' or 'regex' for texts")
                            .found(choices ? "choices" : "texts"));
        }
        return new EndpointTask(items, metric, extract);
    }

    private static Pattern pattern(Task task, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new MergeException(
                    Problem.usage(
                            task.name(),
                            "'extract' is no regular expression: " + e.getDescription()),
                    e);
        }
    }

    private static EndpointMetric metric(Task task, String name) {
        String bare = name.split(",", 2)[0].strip().toLowerCase(Locale.ROOT);
        List<String> known =
                Arrays.stream(EndpointMetric.values()).map(EndpointMetric::text).toList();
        if (!known.contains(bare)) {
            throw new MergeException(
                    Problem.usage(
                                    task.name(),
                                    "there is no metric '%s'%s"
                                            .formatted(name, Suggestion.didYouMean(bare, known)))
                            .expected("one of " + String.join(", ", known)));
        }
        return EndpointMetric.valueOf(bare.toUpperCase(Locale.ROOT));
    }

    /// What an item comes to.
    ///
    /// @param likely whether the server tells how likely texts are
    double score(Item item, ServerModel model, boolean likely)
            throws EvaluationException, InterruptedException {
        return switch (item) {
            case Item.Continuation text when metric == EndpointMetric.LOG_LIKELIHOOD ->
                    model.logLikelihood(
                            text.context(), model.tokens(text.context()), text.continuation());
            case Item.Continuation text -> {
                String answer = model.answer(text.context());
                yield EndpointMetric.isRight(text.continuation(), answer, extract) ? 1 : 0;
            }
            case Item.Choice choice when metric == EndpointMetric.LOG_LIKELIHOOD ->
                    model.logLikelihood(
                            choice.context(),
                            model.tokens(choice.context()),
                            choice.choices().get(choice.answer()));
            case Item.Choice choice -> {
                int chosen = likely ? likeliest(choice, model) : answered(choice, model);
                yield chosen == choice.answer() ? 1 : 0;
            }
        };
    }

    private static int answered(Item.Choice choice, ServerModel model)
            throws EvaluationException, InterruptedException {
        return EndpointMetric.chosen(model.answer(choice.context()), choice.choices());
    }

    private static int likeliest(Item.Choice choice, ServerModel model)
            throws EvaluationException, InterruptedException {
        int tokens = model.tokens(choice.context());
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < choice.choices().size(); i++) {
            double each = model.logLikelihood(choice.context(), tokens, choice.choices().get(i));
            if (each > most) {
                most = each;
                best = i;
            }
        }
        return best;
    }

    /// The mean of what the items came to.
    static Score mean(double[] items) {
        double mean = Arrays.stream(items).average().orElseThrow();
        double squares = Arrays.stream(items).map(v -> (v - mean) * (v - mean)).sum();
        int n = items.length;
        return new Score(
                mean,
                n > 1
                        ? OptionalDouble.of(Math.sqrt(squares / (n - 1) / n))
                        : OptionalDouble.empty(),
                true,
                items);
    }
}
