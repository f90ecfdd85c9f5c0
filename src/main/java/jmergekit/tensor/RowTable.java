package jmergekit.tensor;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// Where the rows of an output matrix come from, for each of several models whose matrices have
/// other rows or the same in another order.
///
/// A model gives its own row where it has one. Where it has none, or the row is forced, the row's
/// *substitute* stands in, which is the same for all models. It is one int for each model and row,
/// whatever the length of a row.
public final class RowTable {
    /// Among own rows: the model has none. As a substitute: zeros.
    public static final int NONE = -1;

    /// As a substitute: the mean of the own rows of all models that have one.
    public static final int MEAN = -2;

    /// As a substitute: the mean of the rows that the model gives for all tokens.
    public static final int MEAN_OF_TOKENS = -3;

    private final int[][] own;
    private final BitSet forced;
    private final int[] substituteModel;
    private final int[] substituteRow;
    private final int tokens;

    /// @param own for each model and output row, the model's own row or [#NONE]
    /// @param forced output rows for which the substitute counts in every model
    /// @param substituteModel for each output row the model whose row is the substitute, or one of
    ///     the constants
    /// @param substituteRow for each output row the row of that model
    /// @param tokens how many rows, from the first one on, are those of tokens
    public RowTable(
            int[][] own, BitSet forced, int[] substituteModel, int[] substituteRow, int tokens) {
        this.own = own;
        this.forced = forced;
        this.substituteModel = substituteModel;
        this.substituteRow = substituteRow;
        this.tokens = tokens;
    }

    public int rows() {
        return substituteModel.length;
    }

    public int models() {
        return own.length;
    }

    /// How many rows, from the first one on, are those of tokens. The rest are padding.
    public int tokens() {
        return tokens;
    }

    /// The row of its own that a model gives, or [#NONE] if the substitute stands in.
    public int given(int model, int row) {
        return forced.get(row) ? NONE : own[model][row];
    }

    /// The row of its own that a model has, given or not, or [#NONE].
    public int own(int model, int row) {
        return own[model][row];
    }

    public boolean isForced(int row) {
        return forced.get(row);
    }

    /// The model that the substitute comes from, or one of the constants.
    public int substituteModel(int row) {
        return substituteModel[row];
    }

    public int substituteRow(int row) {
        return substituteRow[row];
    }

    /// Whether a model gives its rows as they are, all of `stored` of them.
    public boolean isIdentity(int model, long stored) {
        return stored == rows() && IntStream.range(0, rows()).allMatch(r -> given(model, r) == r);
    }

    /// The models whose rows a model needs besides its own.
    public BitSet needed(int model) {
        BitSet needed = new BitSet();
        for (int row = 0; row < rows(); row++) {
            if (given(model, row) == NONE) {
                addSubstitutes(row, needed);
            }
        }
        needed.clear(model);
        return needed;
    }

    private void addSubstitutes(int row, BitSet needed) {
        if (substituteModel[row] >= 0) {
            needed.set(substituteModel[row]);
        } else if (substituteModel[row] == MEAN) {
            for (int m = 0; m < own.length; m++) {
                if (own[m][row] != NONE) {
                    needed.set(m);
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowTable t
                && tokens == t.tokens
                && Arrays.deepEquals(own, t.own)
                && forced.equals(t.forced)
                && Arrays.equals(substituteModel, t.substituteModel)
                && Arrays.equals(substituteRow, t.substituteRow);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(own) + Arrays.hashCode(substituteModel);
    }
}
