package jmergekit.evaluate;

import java.util.List;

/// One thing that a model is asked.
public sealed interface Item {
    /// What is given.
    String context();

    /// A text that is to follow.
    record Continuation(String context, String continuation) implements Item {}

    /// Texts of which one is to follow.
    ///
    /// @param answer which of the choices is right, from 0 on
    record Choice(String context, List<String> choices, int answer) implements Item {
        /// The right one.
        public String right() {
            return choices.get(answer);
        }
    }
}
