package jmergekit.evaluate;

import java.util.List;

/// One question for a model.
public sealed interface Item {
    /// The prompt.
    String context();

    /// A prompt with its expected continuation.
    record Continuation(String context, String continuation) implements Item {}

    /// A prompt with several choices, of which one is right.
    ///
    /// @param answer index of the right choice, from 0
    record Choice(String context, List<String> choices, int answer) implements Item {
        /// The right choice.
        public String right() {
            return choices.get(answer);
        }
    }
}
