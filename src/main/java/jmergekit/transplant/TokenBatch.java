package jmergekit.transplant;

import java.util.Arrays;

/// Tokens of the donor that are approximated together.
///
/// @param tokens their ids
/// @param held for each, the atom that must not be used because it is the token itself; or [#NONE]
record TokenBatch(int[] tokens, int[] held) {
    static final int NONE = -1;

    static TokenBatch of(int[] tokens) {
        int[] held = new int[tokens.length];
        Arrays.fill(held, NONE);
        return new TokenBatch(tokens, held);
    }

    int size() {
        return tokens.length;
    }
}
