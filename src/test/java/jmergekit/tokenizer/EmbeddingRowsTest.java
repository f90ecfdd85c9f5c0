package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.tensor.RowTable;
import jmergekit.tokenizer.EmbeddingRows.Row;
import jmergekit.tokenizer.EmbeddingRows.Rule;
import org.junit.jupiter.api.Test;

class EmbeddingRowsTest {
    private static final Vocabulary BASE = vocabulary("x", "y", "<s>");
    private static final Vocabulary FIRST = vocabulary("<s>", "x", "<a>", "<b>");
    private static final Vocabulary SECOND = vocabulary("<b>", "x", "<c>");
    private static final Vocabulary OUTPUT = vocabulary("x", "y", "<s>", "<a>", "<b>", "<none>");
    private static final long[] STORED = {3, 4, 3};

    @Test
    void aModelGivesItsOwnRowOfATokenThatItHas() {
        RowTable table = table(0, Map.of());

        assertThat(table.given(0, 0)).isZero();
        assertThat(table.given(1, 0)).isEqualTo(1);
        assertThat(table.given(1, 2)).isZero();
        assertThat(table.given(2, 4)).isZero();
    }

    @Test
    void aTokenOfTheBaseComesFromTheBase() {
        RowTable table = table(0, Map.of());

        assertThat(table.given(2, 2)).isEqualTo(RowTable.NONE);
        assertThat(substitute(table, 2)).isEqualTo(new Row(0, 2));
    }

    @Test
    void aTokenOfOneModelComesFromThat() {
        RowTable table = table(0, Map.of());

        assertThat(substitute(table, 3)).isEqualTo(new Row(1, 2));
    }

    @Test
    void aTokenOfSeveralModelsButNotTheBaseIsTheirMean() {
        assertThat(substitute(table(0, Map.of()), 4)).isEqualTo(new Row(RowTable.MEAN, 0));
        // Without a base model this holds for its tokens as well.
        assertThat(substitute(table(-1, Map.of()), 2)).isEqualTo(new Row(RowTable.MEAN, 0));
    }

    @Test
    void aTokenOfNoModelIsZeros() {
        assertThat(substitute(table(0, Map.of()), 5)).isEqualTo(Row.ZEROS);
    }

    @Test
    void aRuleNamesTheRowForModelsThatLackTheToken() {
        Rule rule = new Rule(Optional.of(new Row(2, 1)), false);
        RowTable table = table(0, Map.of("<s>", rule));

        assertThat(substitute(table, 2)).isEqualTo(new Row(2, 1));
        assertThat(table.given(1, 2)).isZero();
        assertThat(table.given(2, 2)).isEqualTo(RowTable.NONE);
    }

    @Test
    void aForcedRuleNamesItForAllModels() {
        RowTable table = table(0, Map.of("<s>", new Rule(Optional.of(Row.ZEROS), true)));

        for (int m = 0; m < 3; m++) {
            assertThat(table.given(m, 2)).isEqualTo(RowTable.NONE);
        }
        assertThat(substitute(table, 2)).isEqualTo(Row.ZEROS);
    }

    @Test
    void forceWithoutASourceTakesTheUsualRow() {
        RowTable table = table(0, Map.of("<s>", new Rule(Optional.empty(), true)));

        assertThat(table.given(1, 2)).isEqualTo(RowTable.NONE);
        assertThat(substitute(table, 2)).isEqualTo(new Row(0, 2));
    }

    @Test
    void idsBeyondTheStoredRowsCountAsMissing() {
        RowTable table = rows(0, OUTPUT.size(), true, Map.of()).table(new long[] {2, 4, 3});

        assertThat(table.own(0, 2)).isEqualTo(RowTable.NONE);
        assertThat(substitute(table, 2)).isEqualTo(new Row(1, 0));
    }

    @Test
    void aTensorThatTheRulesModelLacksFollowsTheUsualOrder() {
        Rule rule = new Rule(Optional.of(new Row(2, 1)), true);
        RowTable table =
                rows(0, OUTPUT.size(), true, Map.of("<s>", rule)).table(new long[] {3, 4, 0});

        assertThat(substitute(table, 2)).isEqualTo(new Row(0, 2));
    }

    @Test
    void paddingIsKeptByItsPlace() {
        RowTable table = rows(0, 8, true, Map.of()).table(new long[] {8, 4, 7});

        assertThat(table.tokens()).isEqualTo(6);
        assertThat(table.given(0, 6)).isEqualTo(6);
        assertThat(table.given(1, 6)).isEqualTo(RowTable.NONE);
        assertThat(table.given(2, 6)).isEqualTo(6);
        assertThat(table.given(2, 7)).isEqualTo(RowTable.NONE);
        assertThat(substitute(table, 7)).isEqualTo(new Row(0, 7));
    }

    @Test
    void paddingAskedForIsTheMeanOfTheTokens() {
        RowTable table = rows(0, 8, false, Map.of()).table(new long[] {8, 4, 7});

        assertThat(table.given(0, 6)).isEqualTo(RowTable.NONE);
        assertThat(substitute(table, 6)).isEqualTo(new Row(RowTable.MEAN_OF_TOKENS, 0));
    }

    @Test
    void paddingThatNoModelHasIsTheMeanOfTheTokensToo() {
        RowTable table = rows(0, 8, true, Map.of()).table(STORED);

        assertThat(substitute(table, 7)).isEqualTo(new Row(RowTable.MEAN_OF_TOKENS, 0));
    }

    @Test
    void fewerRowsThanTokensAreADefect() {
        assertThatThrownBy(() -> rows(0, 5, true, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RowTable table(int base, Map<String, Rule> rules) {
        return rows(base, OUTPUT.size(), true, rules).table(STORED);
    }

    private static EmbeddingRows rows(
            int base, int rows, boolean keepsPadding, Map<String, Rule> rules) {
        return new EmbeddingRows(
                OUTPUT, List.of(BASE, FIRST, SECOND), base, rows, keepsPadding, rules);
    }

    private static Row substitute(RowTable table, int row) {
        return new Row(table.substituteModel(row), table.substituteRow(row));
    }

    private static Vocabulary vocabulary(String... tokens) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.length; id++) {
            ids.put(tokens[id], id);
        }
        return new Vocabulary(ids, List.of());
    }
}
