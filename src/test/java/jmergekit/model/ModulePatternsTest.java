package jmergekit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class ModulePatternsTest {
    @ParameterizedTest
    @CsvSource({
        "model.layers.0.mlp.up_proj, 1",
        "model.layers.1.mlp.up_proj, 2",
        "model.layers.11.mlp.up_proj, 2",
        "model.layers.3.self_attn.q_proj, 3",
        "q_proj, 3",
        "model.layers.12.self_attn.o_proj, 4",
    })
    void theFirstKeyThatMatchesTheEndOfTheNameCounts(String module, double value) {
        ModulePatterns patterns =
                patterns(
                        """
                        {"layers.0.mlp.up_proj": 1, "up_proj": 2, "q_proj": 3,
                         "layers\\\\.(1|12)\\\\..*": 4}
                        """);

        assertThat(patterns.find(module)).hasValue(value);
    }

    @Test
    void aPartOfAWordDoesNotMatch() {
        assertThat(patterns("{\"q_proj\": 3}").find("layers.0.kq_proj")).isEmpty();
        assertThat(patterns("{\"q_proj\": 3}").find("layers.0.q_proj.x")).isEmpty();
    }

    @Test
    void anEarlierExpressionWinsOverALaterName() {
        ModulePatterns patterns = patterns("{\".*_proj\": 1, \"q_proj\": 2}");

        assertThat(patterns.find("layers.0.q_proj")).hasValue(1);
    }

    @Test
    void nothingMeansNoPatterns() {
        assertThat(patterns("null").find("q_proj")).isEmpty();
    }

    @Test
    void anExpressionThatWouldRunForEverIsRefused() {
        ModulePatterns patterns = patterns("{\"" + ".*".repeat(12) + "b\": 1}");

        assertThatThrownBy(() -> patterns.find("a".repeat(60)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("takes too long to match");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"(\": 1}', not a regular expression: '('",
        "'{\"q\": \"four\"}', gives 'q' no number",
        "'[1]', is not a mapping",
    })
    void malformedPatternsAreRefused(String json, String message) {
        assertThatThrownBy(() -> patterns(json))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the file: ")
                .hasMessageContaining(message);
    }

    private static ModulePatterns patterns(String json) {
        return ModulePatterns.of(JsonMapper.shared().readTree(json), "the file");
    }
}
