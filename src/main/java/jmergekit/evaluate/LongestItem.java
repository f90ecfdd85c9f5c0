package jmergekit.evaluate;

import java.util.List;
import java.util.Optional;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Checks that all items fit a model.
record LongestItem(List<AskedTask> tasks, Questions questions) {
    /// @param positions most tokens that the model accepts
    /// @param where source of this limit, for messages
    /// @throws MergeException if an item is too long
    void check(int positions, String where) {
        // The last token is not fed to the model.
        if (questions.longest() - 1 > positions) {
            throw new MergeException(
                    Problem.input(place().orElse(where), "an item is too long for the model")
                            .expected("at most %d tokens".formatted(positions + 1))
                            .found(String.valueOf(questions.longest()))
                            .hint(
                                    "%s sets %d; one more fits, because the last token is not fed to the model"
                                            .formatted(where, positions)));
        }
    }

    /// The file and the line of the item.
    private Optional<String> place() {
        for (AskedTask task : tasks) {
            for (Split split : Split.values()) {
                for (Item item : task.items().of(split)) {
                    if (AskedTask.questions(item).anyMatch(this::isLongest)) {
                        return Optional.of(ItemFile.place(task.items().file(split), item));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean isLongest(Question question) {
        return questions.text(question).ids().length == questions.longest();
    }
}
