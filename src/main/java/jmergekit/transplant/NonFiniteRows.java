package jmergekit.transplant;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.tensor.NonFinite;
import jmergekit.tokenizer.TokenMatches;
import jmergekit.tokenizer.TokenTexts;

/// Rows of a tensor with NaN or infinity.
///
/// @param tensor the name of the tensor
/// @param finite the other rows
record NonFiniteRows(String tensor, Rows rows, BitSet finite) {
    private static final int SHOWN = 3;

    /// A warning that names their tokens, if there are any.
    ///
    /// @param label the name of the model in messages
    /// @param what the defect of the rows
    Optional<Problem> warning(String label, TokenTexts texts, String what) {
        int[] ids = IntStream.range(0, rows.count()).filter(id -> !finite.get(id)).toArray();
        if (ids.length == 0) {
            return Optional.empty();
        }
        List<String> tokens =
                IntStream.of(ids)
                        .mapToObj(id ->
                                texts.of(id)
                                        .map(t -> "%d (%s)".formatted(id, quoted(t.text())))
                                        .orElse(String.valueOf(id)))
                        .toList();
        return Optional.of(
                Problem.input(
                                label,
                                "tensor '%s' has %s in %d of its rows, which are ignored"
                                        .formatted(tensor, what, ids.length))
                        .found("rows of the tokens " + ShortList.of(tokens, SHOWN))
                        .asWarning());
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints()
                .forEach(c -> {
                    if (Character.isISOControl(c)) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                });
        return quoted.append('\'').toString();
    }

    /// The number of non-finite values among the copied ones.
    ///
    /// @param from the rows that are copied, or [TokenMatches#NONE]
    long copied(int[] from) {
        float[] row = new float[rows.columns()];
        long count = 0;
        for (int id : from) {
            if (id != TokenMatches.NONE && !finite.get(id)) {
                rows.read(id, row);
                count += NonFinite.count(row, row.length);
            }
        }
        return count;
    }
}
