package jmergekit.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.tensor.RowTable;

/// Decides where each row of the merged embeddings comes from.
///
/// A model provides its own row for a token that it has. If it lacks the token, the row comes from
/// the first of these that applies: the recipe's rule for the token; the row of the only model that
/// has the token; zeros if no model has it; the base model's row; the mean of the rows of all
/// models that have it.
///
/// Rows without a token are padding. Padding of the inputs is kept in place, as if it were tokens;
/// but if the recipe sets the number of rows, each model fills the padding with the mean of its
/// rows for tokens.
public final class EmbeddingRows {
    /// Keeps tables with a number for each row small.
    public static final int MAX_ROWS = 1 << 22;

    private static final Rule NO_RULE = new Rule(Optional.empty(), false);

    private final int tokens;
    private final int base;
    private final Map<String, Rule> rules;
    private final Rule[] ruleOfRow;
    private final int[][] ids;

    /// The recipe's rule for a token.
    ///
    /// @param substitute the row for models that lack the token
    /// @param force whether all models use that row
    public record Rule(Optional<Row> substitute, boolean force) {}

    /// A row of a model, or zeros.
    ///
    /// @param model index among the models, or [RowTable#NONE] for zeros
    public record Row(int model, int row) {
        public static final Row ZEROS = new Row(RowTable.NONE, 0);
    }

    /// @param output the merged vocabulary
    /// @param models the vocabularies of the merged models
    /// @param base the index of the base model, or -1
    /// @param rows the number of rows of the merged embeddings, at least as many as the vocabulary
    ///     needs
    /// @param keepsPadding whether padding of the inputs is kept
    /// @param rules the recipe's rules, by token
    public EmbeddingRows(
            Vocabulary output,
            List<Vocabulary> models,
            int base,
            int rows,
            boolean keepsPadding,
            Map<String, Rule> rules) {
        if (rows < output.size()) {
            throw new IllegalArgumentException(rows + " rows for " + output.size() + " tokens");
        }
        this.tokens = output.size();
        this.base = base;
        this.rules = Map.copyOf(rules);
        this.ruleOfRow = new Rule[rows];
        this.ids = new int[models.size()][rows];
        for (int row = 0; row < rows; row++) {
            Optional<String> token = output.token(row);
            ruleOfRow[row] = token.map(t -> rules.getOrDefault(t, NO_RULE)).orElse(NO_RULE);
            boolean kept = keepsPadding || row < tokens;
            for (int m = 0; m < ids.length; m++) {
                Vocabulary model = models.get(m);
                ids[m][row] =
                        token.isPresent()
                                ? model.id(token.get()).orElse(RowTable.NONE)
                                : kept && model.token(row).isEmpty() ? row : RowTable.NONE;
            }
        }
    }

    /// The number of rows of the merged embeddings.
    public int rows() {
        return ruleOfRow.length;
    }

    /// The recipe's rules, by token.
    public Map<String, Rule> rules() {
        return rules;
    }

    /// The table for a tensor.
    ///
    /// @param stored the number of rows of the tensor in each model; 0 for a model without the
    ///     tensor
    public RowTable table(long[] stored) {
        int[][] own = new int[ids.length][rows()];
        int[] substituteModel = new int[rows()];
        int[] substituteRow = new int[rows()];
        BitSet forced = new BitSet();
        for (int row = 0; row < rows(); row++) {
            for (int m = 0; m < own.length; m++) {
                // See docs/divergences.md#ids-without-rows.
                own[m][row] = ids[m][row] < stored[m] ? ids[m][row] : RowTable.NONE;
            }
            forced.set(row, ruleOfRow[row].force());
            Row substitute =
                    ruleOfRow[row]
                            .substitute()
                            .filter(s -> s.model() < 0 || s.row() < stored[s.model()])
                            .orElse(substitute(own, row));
            substituteModel[row] = substitute.model();
            substituteRow[row] = substitute.row();
        }
        return new RowTable(own, forced, substituteModel, substituteRow, tokens);
    }

    private Row substitute(int[][] own, int row) {
        int first = RowTable.NONE;
        int count = 0;
        for (int m = own.length - 1; m >= 0; m--) {
            if (own[m][row] != RowTable.NONE) {
                first = m;
                count++;
            }
        }
        // The reference fails here; see docs/divergences.md#tokens-of-no-model.
        if (count == 0) {
            return row < tokens ? Row.ZEROS : new Row(RowTable.MEAN_OF_TOKENS, 0);
        }
        boolean baseHasIt = base >= 0 && own[base][row] != RowTable.NONE;
        if (count > 1 && !baseHasIt) {
            return new Row(RowTable.MEAN, 0);
        }
        int model = baseHasIt ? base : first;
        return new Row(model, own[model][row]);
    }
}
