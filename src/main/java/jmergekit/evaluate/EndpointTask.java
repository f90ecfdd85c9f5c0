package jmergekit.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// A task for a server.
///
/// @param extract finds the answer in the server's text
record EndpointTask(TaskItems items, EndpointMetric metric, Optional<Extraction> extract) {
    /// @throws MergeException with everything that is wrong with the tasks
    static List<EndpointTask> of(List<TaskItems> tasks) {
        Problems problems = new Problems();
        List<EndpointTask> all = new ArrayList<>();
        for (TaskItems items : tasks) {
            try {
                all.add(of(items));
            } catch (MergeException e) {
                problems.add(e);
            }
        }
        problems.throwIfErrors();
        return List.copyOf(all);
    }

    private static EndpointTask of(TaskItems items) {
        Task task = items.task();
        boolean choices = items.search().getFirst() instanceof Item.Choice;
        if (choices != items.heldOut().getFirst() instanceof Item.Choice) {
            throw new MergeException(
                    Problem.input(task.name(), "the held-out items have another type"));
        }
        EndpointMetric usual = choices ? EndpointMetric.ACC : EndpointMetric.EXACT_MATCH;
        EndpointMetric metric = task.metric().map(name -> metric(task, name)).orElse(usual);
        if (metric == EndpointMetric.REGEX && task.extract().isEmpty()) {
            throw new MergeException(
                    Problem.usage(task.name(), "metric 'regex' without an 'extract' pattern"));
        }
        if (choices != (metric == EndpointMetric.ACC) && metric != EndpointMetric.LOG_LIKELIHOOD) {
            throw new MergeException(
                    Problem.usage(
                                    task.name(),
                                    "metric '%s' does not apply to its items"
                                            .formatted(metric.text()))
                            .expected("'acc' for choices, 'exact_match' or 'regex' for texts")
                            .found(choices ? "choices" : "texts"));
        }
        if (task.extract().isPresent()
                && metric != EndpointMetric.REGEX
                && metric != EndpointMetric.EXACT_MATCH) {
            throw new MergeException(
                    Problem.usage(task.name(), "there is no answer to extract")
                            .expected("the metric 'exact_match' or 'regex'")
                            .found("'" + metric.text() + "'"));
        }
        return new EndpointTask(items, metric, task.extract());
    }

    /// Whether it needs the likelihoods of texts.
    boolean asksForLikelihood() {
        return metric == EndpointMetric.LOG_LIKELIHOOD || metric == EndpointMetric.ACC;
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

    /// The score of an item.
    ///
    /// @param likely whether the server returns likelihoods of texts
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
}
