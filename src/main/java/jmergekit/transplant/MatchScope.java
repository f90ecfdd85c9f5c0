package jmergekit.transplant;

import java.util.Locale;

/// Which rows a way of matching tokens is for.
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
