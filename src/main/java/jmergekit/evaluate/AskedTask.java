package jmergekit.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// A task with its metric.
///
/// @param extract finds the answer in a text
record AskedTask(TaskItems items, Metric metric, Optional<Extraction> extract) {
    /// A text and its expected continuation.
    ///
    /// @param ends whether the text is expected to end there
    record Question(String context, String continuation, boolean ends) {}

    String name() {
        return items.task().name();
    }

    /// @throws MergeException with everything that is wrong with the tasks
    static List<AskedTask> of(List<TaskItems> tasks) {
        Problems problems = new Problems();
        List<AskedTask> all = new ArrayList<>();
        for (TaskItems items : tasks) {
            try {
                Metric metric = Metric.of(items.task(), items.search().getFirst());
                Metric heldOut = Metric.of(items.task(), items.heldOut().getFirst());
                if (metric != heldOut) {
                    problems.add(
                            Problem.input(
                                    items.task().name(), "the held-out items have another type"));
                }
                all.add(new AskedTask(items, metric, extract(items.task(), metric)));
            } catch (MergeException e) {
                problems.add(e);
            }
        }
        problems.throwIfErrors();
        return List.copyOf(all);
    }

    private static Optional<Extraction> extract(Task task, Metric metric) {
        if (task.extract().isEmpty()) {
            return Optional.empty();
        }
        if (metric != Metric.EXACT_MATCH) {
            throw new MergeException(
                    Problem.usage(task.name(), "there is no answer to extract")
                            .expected("the metric '%s'".formatted(Metric.EXACT_MATCH.text()))
                            .found("'" + metric.text() + "'"));
        }
        return task.extract();
    }

    /// Whether the model has to generate text for each item.
    boolean writes() {
        return extract.isPresent();
    }

    /// All questions, item by item.
    Stream<Question> questions(Split split) {
        return items.of(split).stream().flatMap(AskedTask::questions);
    }

    static Stream<Question> questions(Item item) {
        return switch (item) {
            case Item.Continuation(String context, String text) ->
                    Stream.of(new Question(context, text, true));
            case Item.Choice(String context, List<String> choices, int _) ->
                    choices.stream().map(text -> new Question(context, text, false));
        };
    }
}
