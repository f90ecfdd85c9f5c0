package jmergekit.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How the rows of a mixture's gates are computed.
public enum GateMode {
    /// The base model's hidden state at the last token of each prompt; the same as [#HIDDEN_LAST].
    HIDDEN(true, true),
    HIDDEN_LAST(true, true),
    /// The mean of its hidden states over all tokens of each prompt.
    HIDDEN_AVG(true, true),
    /// The sum of the embeddings of all tokens of all prompts.
    CHEAP_EMBED(true, false),
    /// Random numbers from a standard normal distribution.
    RANDOM(false, false),
    /// Uniform random numbers between plus and minus one over the square root of the hidden size.
    UNIFORM_RANDOM(false, false);

    private final boolean prompts;
    private final boolean forwardPass;

    GateMode(boolean prompts, boolean forwardPass) {
        this.prompts = prompts;
        this.forwardPass = forwardPass;
    }

    /// The name in recipes, such as `cheap_embed`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether experts need prompts.
    public boolean prompts() {
        return prompts;
    }

    /// Whether the base model is run on the prompts.
    public boolean forwardPass() {
        return forwardPass;
    }

    static Optional<GateMode> of(String text) {
        return Stream.of(values()).filter(m -> m.text().equals(text)).findFirst();
    }

    static List<String> names() {
        return Stream.of(values()).map(GateMode::text).toList();
    }
}
