package jmergekit.planner;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.planner.TokenizerPlan.Merged;
import jmergekit.tensor.RowTable;
import jmergekit.tokenizer.AddedToken;
import jmergekit.tokenizer.Vocabulary;

/// A readable summary of a merged vocabulary: its size, where the row of each special token and
/// each token named in the recipe comes from, and counts of the rest.
final class VocabularyText {
    private final List<String> models;
    private final Merged merged;
    private final Vocabulary vocabulary;
    private final RowTable table;
    private final List<String> lines = new ArrayList<>();

    private VocabularyText(PlannedMerge plan, Merged merged) {
        this.models = plan.models().stream().map(m -> m.reference().toString()).toList();
        this.merged = merged;
        this.vocabulary = merged.vocabulary().vocabulary();
        this.table = merged.embeddings().table(merged.stored());
    }

    static List<String> lines(PlannedMerge plan, Merged merged) {
        VocabularyText text = new VocabularyText(plan, merged);
        text.size();
        text.rows();
        return text.lines;
    }

    private void size() {
        Vocabulary source = merged.vocabulary().source().vocabulary();
        long added =
                IntStream.range(0, vocabulary.size())
                        .mapToObj(vocabulary::token)
                        .flatMap(Optional::stream)
                        .filter(t -> source.id(t).isEmpty())
                        .count();
        lines.add(
                "%d tokens: %d of %s, %d new; %d rows"
                        .formatted(
                                vocabulary.count(),
                                vocabulary.count() - added,
                                merged.vocabulary().source().label(),
                                added,
                                table.rows()));
    }

    private void rows() {
        Map<Origin, Integer> others = new LinkedHashMap<>();
        Map<Origin, Integer> padding = new LinkedHashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            Optional<String> token = vocabulary.token(row);
            Origin origin = Origin.of(table, row);
            if (token.isEmpty()) {
                padding.merge(origin, 1, Integer::sum);
            } else if (isShown(token.get())) {
                String number = " (row %d)".formatted(table.substituteRow(row));
                lines.add("%s (%d): %s".formatted(token.get(), row, text(origin, number)));
            } else {
                others.merge(origin, 1, Integer::sum);
            }
        }
        others.forEach((origin, count) -> line(count, "other token", origin));
        padding.forEach((origin, count) -> line(count, "padding row", origin));
    }

    private void line(int count, String what, Origin origin) {
        String plural = count == 1 ? what : what.replaceFirst("(token|row)", "$1s");
        lines.add("%d %s: %s".formatted(count, plural, text(origin, "")));
    }

    private boolean isShown(String token) {
        return vocabulary.added(token).filter(AddedToken::special).isPresent()
                || merged.embeddings().rules().containsKey(token);
    }

    /// Where a row comes from in each model.
    ///
    /// @param own the models that supply their own row
    /// @param substitute what replaces it in the others, as in [RowTable#substituteModel]
    private record Origin(BitSet own, int substitute) {
        static Origin of(RowTable table, int row) {
            BitSet own = new BitSet();
            for (int m = 0; m < table.models(); m++) {
                own.set(m, table.given(m, row) != RowTable.NONE);
            }
            boolean all = own.cardinality() == table.models();
            return new Origin(own, all ? RowTable.NONE : table.substituteModel(row));
        }
    }

    /// @param number of the substitute's row, if a model's row is used
    private String text(Origin origin, String number) {
        List<String> own = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int m = 0; m < models.size(); m++) {
            (origin.own().get(m) ? own : others).add(models.get(m));
        }
        if (others.isEmpty()) {
            return "each model's own row";
        }
        String substitute =
                switch (origin.substitute()) {
                    case RowTable.NONE -> "zeros";
                    case RowTable.MEAN -> "the mean of the models that have it";
                    case RowTable.MEAN_OF_TOKENS -> "the mean of all tokens";
                    default -> "taken from " + models.get(origin.substitute()) + number;
                };
        if (own.isEmpty()) {
            return substitute + " in all models";
        }
        return "own row in %s; %s in %s"
                .formatted(String.join(", ", own), substitute, String.join(", ", others));
    }
}
