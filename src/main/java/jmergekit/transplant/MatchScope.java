package jmergekit.transplant;

import java.util.Locale;

/// The rows to which a type of token matching applies.
public enum MatchScope {
    NO,
    YES,
    LM_HEAD,
    EMBED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// See docs/divergences.md#match-sides.
    boolean includes(Side side) {
        return this == YES || this == (side == Side.HEAD ? LM_HEAD : EMBED);
    }
}
