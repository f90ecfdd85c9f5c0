package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    private static final String HARNESS =
            """
            {
              "results": {
                "mine": {
                  "alias": "mine",
                  "sample_len": 4,
                  "acc,none": 0.5,
                  "acc_stderr,none": 0.25,
                  "acc_norm,none": 0.75,
                  "acc_norm_stderr,none": "N/A"
                },
                "sums": {
                  "alias": "sums",
                  "exact_match,strict-match": 0.1,
                  "exact_match,flexible-extract": 0.2
                },
                "text": {"bits,none": 0.7}
              },
              "groups": {"all": {"acc,none": 0.6, "acc_stderr,none": 0.1}},
              "higher_is_better": {
                "mine": {"acc": true, "acc_norm": true},
                "text": {"bits": false},
                "all": {"acc": null}
              }
            }
            """;

    private static Score score(String json, String task, String metric) throws Exception {
        return new Report(JsonTree.read(json.getBytes(StandardCharsets.UTF_8)))
                .find(task, Optional.of(metric).filter(m -> !m.isEmpty()))
                .score(task);
    }

    @Test
    void readsResultsOfTheHarness() throws Exception {
        Score usual = score(HARNESS, "mine", "");

        assertThat(usual.value()).isEqualTo(0.5);
        assertThat(usual.standardError()).hasValue(0.25);
        assertThat(usual.higherIsBetter()).isTrue();
        assertThat(usual.items()).isEmpty();
        assertThat(score(HARNESS, "mine", "acc_norm").value()).isEqualTo(0.75);
        assertThat(score(HARNESS, "mine", "acc_norm,none").standardError()).isEmpty();
        assertThat(score(HARNESS, "sums", "exact_match,flexible-extract").value()).isEqualTo(0.2);
        assertThat(score(HARNESS, "text", "").higherIsBetter()).isFalse();
        assertThat(score(HARNESS, "all", "").value()).isEqualTo(0.6);
        assertThat(score(HARNESS, "all", "").higherIsBetter()).isTrue();
    }

    @Test
    void saysWhatThereIsInsteadOfWhatIsMissing() {
        assertThatThrownBy(() -> score(HARNESS, "mime", ""))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(
                        "the result has no task 'mime' (did you mean 'mine'?); tasks in it: all,"
                                + " mine, sums, text");
        assertThatThrownBy(() -> score(HARNESS, "mine", "acc_nrm"))
                .hasMessage(
                        "the result has no metric 'acc_nrm' of task 'mine'; metrics in it:"
                                + " acc,none, acc_norm,none");
        assertThatThrownBy(() -> score(HARNESS, "sums", "exact_match"))
                .hasMessageContaining("no metric 'exact_match' of task 'sums'")
                .hasMessageContaining("exact_match,flexible-extract, exact_match,strict-match");
        assertThatThrownBy(() -> score(HARNESS, "sums", ""))
                .hasMessageContaining("several metrics for task 'sums', and none was chosen");
    }

    @Test
    void readsPlainNumbersAndObjects() throws Exception {
        String json =
                """
                {"a": 0.5,
                 "b": {"value": 2, "stderr": 0.1, "higher_is_better": false, "items": [1, 3]},
                 "c": {"acc": 0.25, "perplexity": {"value": 7.5}},
                 "d,f1": 0.75,
                 "results": 1}
                """;

        assertThat(score(json, "a", "").value()).isEqualTo(0.5);
        Score b = score(json, "b", "");
        assertThat(b.value()).isEqualTo(2);
        assertThat(b.standardError()).hasValue(0.1);
        assertThat(b.higherIsBetter()).isFalse();
        assertThat(b.items()).containsExactly(1, 3);
        assertThat(score(json, "c", "").value()).isEqualTo(0.25);
        assertThat(score(json, "c", "acc,none").value()).isEqualTo(0.25);
        assertThat(score(json, "c", "perplexity").higherIsBetter()).isFalse();
        assertThat(score(json, "d", "f1").value()).isEqualTo(0.75);
        assertThat(score(json, "results", "").value()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\": \"0.5\"}",
                "{\"t\": NaN}",
                "{\"t\": -Infinity}",
                "{\"t\": null}",
                "{\"t\": true}",
                "{\"t\": [0.5]}",
                "{\"t\": {\"value\": {}}}",
                "{\"t\": {\"value\": 1, \"items\": [1, \"2\"]}}",
                "{\"t\": {\"value\": 1, \"items\": 1}}",
                "{\"results\": {\"t\": {\"acc,none\": NaN}}}",
            })
    void refusesWhatIsNoFiniteNumber(String json) {
        assertThatThrownBy(() -> score(json, "t", ""))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining(" is not a ");
    }

    @Test
    void refusesWhatIsNoObject() {
        assertThatThrownBy(() -> score("[1]", "t", ""))
                .hasMessage("the result is not a JSON object");
        assertThatThrownBy(() -> score("{\"t\": {}}", "t", "")).hasMessageContaining("no task 't'");
    }
}
