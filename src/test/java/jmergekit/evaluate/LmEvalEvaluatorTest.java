package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// With a script that takes lm-evaluation-harness's place and writes the files it writes.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for a Unix shell")
class LmEvalEvaluatorTest {
    /// Notes its arguments, a line each, and writes results of version 0.4.13 into a folder that is
    /// named for the model.
    private static final String SCRIPT =
            """
            #!/bin/sh
            [ "$1" = --help ] && exit 0
            [ "$1" = run ] && cat "$(dirname "$0")/help" && exit 0
            printf '%s\\n' "$@" > "$(dirname "$0")/args"
            while [ $# -gt 0 ]; do
              [ "$1" = --output_path ] && out=$2
              shift
            done
            mkdir -p "$out/__model"
            cat > "$out/__model/results_2026-01-02T03-04-05.678901.json" <<'END'
            {"results": {"mine": {"alias": "mine", "acc,none": 0.5, "acc_stderr,none": 0.2},
                         "mine_test": {"alias": "mine_test", "acc,none": 0.75,
                                       "acc_stderr,none": "N/A"}},
             "higher_is_better": {"mine": {"acc": true}, "mine_test": {"acc": true}},
             "n-samples": {"mine": {"original": 9, "effective": 2}}}
            END
            cat > "$out/__model/samples_mine_2026-01-02T03-04-05.678901.jsonl" <<'END'
            {"doc_id": 1, "doc": {"q": "b"}, "filter": "none", "metrics": ["acc"], "acc": 1.0}
            {"doc_id": 0, "doc": {"q": "a"}, "filter": "none", "metrics": ["acc"], "acc": 0.0}
            {"doc_id": 0, "doc": {"q": "a"}, "filter": "other", "metrics": ["acc"], "acc": 0.5}
            END
            echo '{"doc_id": 0, "acc": 1}' > "$out/__model/samples_mine_test_2026-01-02.jsonl"
            """;

    @TempDir private Path folder;
    private Path program;
    private Trials trials;

    @BeforeEach
    void makeFolders() throws IOException {
        program = Files.writeString(folder.resolve("lm_eval"), SCRIPT);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        trials =
                new Trials(
                        Files.createDirectory(folder.resolve("a model")),
                        Files.createDirectory(folder.resolve("out")));
    }

    private EvaluatorConfig.LmEval config(String program, List<String> args) {
        return new EvaluatorConfig.LmEval(
                program,
                Optional.empty(),
                Optional.of("dtype=bfloat16"),
                args,
                new Location("search.yml", 2, 3, 1, ""));
    }

    private EvaluatorSettings settings(boolean all, boolean vllm, List<Path> taskFolders) {
        return new EvaluatorSettings(
                all ? Optional.of(20) : Optional.empty(),
                all ? Optional.of(3) : Optional.empty(),
                false,
                all,
                all,
                1,
                all ? Optional.of("auto") : Optional.empty(),
                taskFolders,
                vllm,
                all,
                false,
                all,
                1,
                1,
                Optional.empty(),
                folder);
    }

    private List<String> args() throws IOException {
        return Files.readAllLines(folder.resolve("args"));
    }

    @Test
    void scoresComeWithTheirErrorsAndItems() throws Exception {
        Task task = Trials.task("mine", Optional.of("acc,none"), Optional.of("mine_test"));
        try (LmEvalEvaluator evaluator =
                new LmEvalEvaluator(
                        config(program.toString(), List.of()),
                        List.of(task),
                        settings(false, false, List.of()))) {
            Score score = evaluator.evaluate(trials.search()).get("mine");

            assertThat(score.value()).isEqualTo(0.5);
            assertThat(score.standardError()).hasValue(0.2);
            assertThat(score.items()).containsExactly(0.0, 1.0);
            assertThat(args())
                    .containsExactly(
                            "--model",
                            "hf",
                            "--model_args",
                            "pretrained=" + trials.model().toAbsolutePath() + ",dtype=bfloat16",
                            "--tasks",
                            "mine",
                            "--seed",
                            "42",
                            "--output_path",
                            trials.out().toAbsolutePath().toString(),
                            "--log_samples");
            assertThat(evaluator.description()).isEqualTo("lm-evaluation-harness with hf");
            assertThat(evaluator.hasHeldOut()).isTrue();
            Score heldOut = evaluator.evaluate(trials.heldOut()).get("mine");
            assertThat(heldOut.value()).isEqualTo(0.75);
            assertThat(heldOut.standardError()).isEmpty();
            assertThat(args()).contains("mine_test").doesNotContain("mine");
        }
    }

    @Test
    void everySettingHasItsArgument() throws Exception {
        Path one = Files.createDirectories(folder.resolve("tasks one"));
        Files.writeString(one.resolve("a.yaml"), "task: a");
        Path two = Files.createDirectories(folder.resolve("two/deep"));
        Files.writeString(two.resolve("b.yaml"), "task: b");
        List<String> more = List.of("--gen_kwargs", "{\"temperature\": 0}", "it's $HOME");
        Path all;
        try (LmEvalEvaluator evaluator =
                new LmEvalEvaluator(
                        config(program.toString(), more),
                        List.of(Trials.task("mine")),
                        settings(true, false, List.of(one, two.getParent())))) {
            evaluator.evaluate(trials.search());
            all = Path.of(args().get(args().indexOf("--include_path") + 1));
            assertThat(all.resolve("0/a.yaml")).hasContent("task: a");
            assertThat(all.resolve("1/deep/b.yaml")).hasContent("task: b");
        }

        assertThat(all).doesNotExist();
        assertThat(args())
                .startsWith("--fewshot_as_multiturn", "--apply_chat_template", "--model", "hf")
                .containsSequence("--batch_size", "auto")
                .containsSequence("--num_fewshot", "3")
                .containsSequence("--limit", "20")
                .contains("--trust_remote_code")
                .endsWith("--gen_kwargs", "{\"temperature\": 0}", "it's $HOME")
                .anyMatch(a -> a.endsWith(",load_in_4bit=True,dtype=bfloat16"));
    }

    @Test
    void programsThatCannotBeStartedAreRefusedAtOnce() {
        assertThatThrownBy(() ->
                        new LmEvalEvaluator(
                                config("no-such-lm-eval", List.of()),
                                List.of(Trials.task("mine")),
                                settings(false, false, List.of())))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RECIPE))
                .hasMessageContaining("cannot be started as 'no-such-lm-eval'")
                .hasMessageContaining("status 127")
                .hasMessageContaining("pip install");
    }

    @Test
    void whatCannotGoTogetherIsRefused() {
        EvaluatorConfig.LmEval config = config(program.toString(), List.of());
        assertThatThrownBy(() ->
                        new LmEvalEvaluator(
                                config,
                                List.of(Trials.task("mine")),
                                settings(true, true, List.of())))
                .hasMessageContaining("vLLM does not support --load-in-4bit");
        assertThatThrownBy(() ->
                        new LmEvalEvaluator(
                                config,
                                List.of(Trials.task("mine")),
                                settings(false, true, List.of(folder.resolve("none")))))
                .hasMessageContaining("--task-search-path: no such folder");
    }

    private EvaluatorSettings chat() {
        return new EvaluatorSettings(
                Optional.of(20),
                Optional.of(3),
                false,
                true,
                false,
                1,
                Optional.empty(),
                List.of(),
                false,
                false,
                false,
                false,
                1,
                1,
                Optional.empty(),
                folder);
    }

    @Test
    void examplesAreNoTurnsUnlessThatIsAskedFor() throws Exception {
        List<Task> tasks = List.of(Trials.task("mine"));
        Path help = folder.resolve("help");
        Files.writeString(help, "  --fewshot_as_multiturn [<bool>]");
        LmEvalEvaluator late =
                new LmEvalEvaluator(config(program.toString(), List.of()), tasks, chat());
        late.evaluate(trials.search());
        assertThat(args())
                .startsWith("--fewshot_as_multiturn", "false", "--apply_chat_template", "--model");

        Files.writeString(help, "[--fewshot_as_multiturn] [--gen_kwargs X]");
        LmEvalEvaluator early =
                new LmEvalEvaluator(config(program.toString(), List.of()), tasks, chat());
        early.evaluate(trials.search());
        assertThat(args()).startsWith("--apply_chat_template", "--model");
    }

    @Test
    void whatIsHeldOutHasNoLimit() throws Exception {
        Files.createFile(folder.resolve("help"));
        Task task = Trials.task("mine", Optional.empty(), Optional.of("mine_test"));
        LmEvalEvaluator evaluator =
                new LmEvalEvaluator(config(program.toString(), List.of()), List.of(task), chat());

        evaluator.evaluate(trials.search());
        assertThat(args()).containsSequence("--limit", "20");
        evaluator.evaluate(trials.heldOut());
        assertThat(args()).doesNotContain("--limit");
    }
}
