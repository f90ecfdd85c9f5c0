package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.RowTable;
import jmergekit.tokenizer.EmbeddingRows;
import jmergekit.tokenizer.EmbeddingRows.Rule;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.OutputVocabulary;
import jmergekit.tokenizer.Vocabulary;
import org.jspecify.annotations.Nullable;

/// Warns of tokens that get no row, and settings whose token is missing.
record VocabularyWarnings(Problems problems) {
    private static final int SHOWN = 10;

    /// Tokens of a model's tokenizer that are missing in its embeddings.
    void tokensWithoutRow(ModelTokenizer tokenizer, long rows, OutputVocabulary output) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        List<String> tokens = new ArrayList<>();
        boolean left = false;
        for (int id = (int) Math.min(rows, vocabulary.size()); id < vocabulary.size(); id++) {
            String token = vocabulary.token(id).orElse("");
            if (!token.isEmpty()) {
                tokens.add("'%s' (%d)".formatted(token, id));
                left |= output.vocabulary().id(token).isEmpty();
            }
        }
        if (!tokens.isEmpty()) {
            Problem problem =
                    Problem.input(
                                    tokenizer.label(),
                                    "%d of its tokens have no row in its embeddings and are treated as"
                                                    .formatted(tokens.size())
                                            + " missing: "
                                            + ShortList.of(tokens, SHOWN))
                            .found(rows + " rows")
                            .asWarning();
            problems.add(
                    left
                            ? problem.hint(
                                    "tokens that no other model has are left out of the output")
                            : problem);
        }
    }

    /// Tokens of the output for which no model has a row.
    void tokensInNoModel(OutputVocabulary output, EmbeddingRows embeddings, long[] stored) {
        RowTable table = embeddings.table(stored);
        List<String> tokens = new ArrayList<>();
        for (int row = 0; row < output.vocabulary().size(); row++) {
            Optional<String> token = output.vocabulary().token(row);
            if (token.isPresent()
                    && table.substituteModel(row) == RowTable.NONE
                    && isMissingEverywhere(table, row)
                    && !hasSource(embeddings.rules().get(token.get()))) {
                tokens.add("'%s' (%d)".formatted(token.get(), row));
            }
        }
        if (!tokens.isEmpty()) {
            problems.add(
                    Problem.input(
                                    output.source().label(),
                                    "%d tokens of the merged vocabulary have no row in any model and get zeros: %s"
                                            .formatted(tokens.size(), ShortList.of(tokens, SHOWN)))
                            .hint("name a source for them under 'tokens'")
                            .asWarning());
        }
    }

    private static boolean isMissingEverywhere(RowTable table, int row) {
        for (int m = 0; m < table.models(); m++) {
            if (table.own(m, row) != RowTable.NONE) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasSource(@Nullable Rule rule) {
        return rule != null && rule.substitute().isPresent();
    }

    /// Settings in the donor's files whose token is not in the merged vocabulary.
    void lostSettings(ModelFolder donor, Set<String> settings) {
        if (!settings.isEmpty()) {
            problems.add(
                    Problem.input(
                                    donor.reference().toString(),
                                    "the merged vocabulary has no token for %s, which become null"
                                            .formatted(String.join(", ", settings)))
                            .asWarning());
        }
    }
}
