package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;
import org.junit.jupiter.api.Test;

class IgnoredSettingsTest {
    private static final Location AT = new Location("search.yml", 1, 1, 1, "");

    private static EvaluatorSettings everything() {
        return new EvaluatorSettings(
                Optional.of(9),
                Optional.of(3),
                true,
                true,
                true,
                1,
                Optional.of("auto"),
                List.of(Path.of("tasks")),
                true,
                true,
                true,
                true,
                1,
                1,
                Optional.empty(),
                Path.of("search"));
    }

    private static List<String> subjects(EvaluatorConfig config, EvaluatorSettings settings) {
        List<Problem> warnings = Evaluators.warnings(config, List.of(Trials.task("t")), settings);
        assertThat(warnings).allMatch(w -> w.severity() == Severity.WARNING);
        return warnings.stream()
                .map(w -> w.location() == null ? w.where() : w.what().split("'")[1])
                .toList();
    }

    @Test
    void whatOnlyTheHarnessDoesIsMentionedOfOthers() {
        assertThat(subjects(new EvaluatorConfig.BuiltIn(AT), everything()))
                .containsExactly(
                        "num_fewshot",
                        "apply_chat_template",
                        "fewshot_as_multiturn",
                        "--vllm",
                        "--batch-size",
                        "--task-search-path",
                        "--load-in-8bit",
                        "--load-in-4bit",
                        "--trust-remote-code");
        assertThat(subjects(new EvaluatorConfig.Command("x {model}", AT), everything()))
                .hasSize(11)
                .contains("limit", "shuffle");
        assertThat(subjects(new EvaluatorConfig.Command("x {model} {limit}", AT), everything()))
                .doesNotContain("limit");
    }

    @Test
    void theHarnessDrawsNoItems() {
        EvaluatorConfig harness =
                new EvaluatorConfig.LmEval(
                        "lm_eval", Optional.of("hf"), Optional.empty(), List.of(), AT);

        assertThat(subjects(harness, everything())).containsExactly("--vllm", "shuffle");
    }

    @Test
    void nothingIsMentionedWhereNothingIsAsked() {
        EvaluatorSettings none = Trials.settings(Path.of("search"), 1, Optional.empty());

        assertThat(subjects(new EvaluatorConfig.BuiltIn(AT), none)).isEmpty();
        assertThat(subjects(new EvaluatorConfig.Command("x {model}", AT), none)).isEmpty();
    }
}
