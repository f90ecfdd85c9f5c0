package jmergekit.evaluate;

import java.util.List;

/// What a model is asked.
public sealed interface Item {
    /// The text before the answer.
    String context();

    /// A question with one right answer.
    ///
    /// @param continuation the answer
    record Continuation(String context, String continuation) implements Item {}

    /// A question with answers to choose from.
    ///
    /// @param choices at least two
    /// @param answer the right one, from 0 on
    record Choice(String context, List<String> choices, int answer) implements Item {
        public Choice {
            choices = List.copyOf(choices);
        }
    }
}
