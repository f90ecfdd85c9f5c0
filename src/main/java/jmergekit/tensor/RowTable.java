package jmergekit.tensor;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// Where the rows of an output matrix come from, for each of several models whose matrices have
/// different rows, or the same rows in another order.
///
/// A model uses its own row if it has one. If it has none, or if the row is forced, the
/// *substitute* of the row is used, which is the same for all models. The table needs one int per
/// model and row, whatever the length of a row.
public final class RowTable {
    /// As an own row: the model has none. As a substitute: zeros.
    public static final int NONE = -1;

    /// As a substitute: the mean of the own rows of all models that have one.
    public static final int MEAN = -2;

    /// As a substitute: the mean of the rows that the model has for all tokens.
    public static final int MEAN_OF_TOKENS = -3;

    private final int[][] own;
    private final BitSet forced;
    private final int[] substituteModel;
    private final int[] substituteRow;
    private final int tokens;

    /// @param own for each model and output row, the model's own row or [#NONE]
    /// @param forced output rows for which every model uses the substitute
    /// @param substituteModel for each output row, the model whose row is the substitute, or one of
    ///     the constants
    /// @param substituteRow for each output row, the row of that model
    /// @param tokens the number of rows, from the first one on, that belong to tokens
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

    /// The number of rows, from the first one on, that belong to tokens. The rest are padding.
    public int tokens() {
        return tokens;
    }

    /// The model's own row that is used, or [#NONE] if the substitute is used.
    public int given(int model, int row) {
        return forced.get(row) ? NONE : own[model][row];
    }

    /// The model's own row, used or not, or [#NONE].
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

    /// Whether a model uses all of its `stored` rows in their order.
    public boolean isIdentity(int model, long stored) {
        return stored == rows() && IntStream.range(0, rows()).allMatch(r -> given(model, r) == r);
    }

    /// The models whose rows a model needs in addition to its own.
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
