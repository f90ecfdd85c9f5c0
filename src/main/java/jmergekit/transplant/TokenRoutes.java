package jmergekit.transplant;

import java.util.Arrays;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TokenMatches;

/// The sources of the rows of one side, by the donor's ids.
///
/// @param side the side of the rows
/// @param modelIds ids of the model's tokens whose rows are copied, or [TokenMatches#NONE]
/// @param approximated ids of the donor's tokens without such a row
/// @param shared the number of tokens that both models have
/// @param byBytes the number of tokens matched by their bytes
/// @param byPrefix the number of tokens matched by a prefix
record TokenRoutes(
        Side side, int[] modelIds, int[] approximated, int shared, int byBytes, int byPrefix) {
    static TokenRoutes of(TokenMatches matches, TransplantOptions options, Side side) {
        int[] ids = new int[matches.donor().rows()];
        Arrays.fill(ids, TokenMatches.NONE);
        int byBytes = 0;
        int byPrefix = 0;
        for (int id = 0; id < ids.length; id++) {
            ids[id] = matches.shared(id);
            if (ids[id] == TokenMatches.NONE && options.byteMatch().includes(side)) {
                ids[id] = matches.byBytes(id);
                byBytes += ids[id] == TokenMatches.NONE ? 0 : 1;
            }
            if (ids[id] == TokenMatches.NONE && options.prefixMatch().includes(side)) {
                ids[id] = matches.byPrefix(id);
                byPrefix += ids[id] == TokenMatches.NONE ? 0 : 1;
            }
        }
        int[] rest =
                IntStream.range(0, ids.length)
                        .filter(id -> ids[id] == TokenMatches.NONE)
                        .filter(id -> matches.donor().of(id).isPresent())
                        .toArray();
        return new TokenRoutes(side, ids, rest, matches.count(), byBytes, byPrefix);
    }

    /// `51 shared, 0 matched by bytes, 35 by prefix, 36 approximated`
    String text() {
        return "%d shared, %d matched by bytes, %d by prefix, %d approximated"
                .formatted(shared, byBytes, byPrefix, approximated.length);
    }
}
