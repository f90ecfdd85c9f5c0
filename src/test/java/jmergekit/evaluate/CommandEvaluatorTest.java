package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jmergekit.Cancellation;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.threads.AsyncValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are for a Unix shell")
class CommandEvaluatorTest {
    @TempDir private Path folder;
    private Trials trials;

    @BeforeEach
    void makeFolders() throws IOException {
        trials =
                new Trials(
                        Files.createDirectory(folder.resolve("model")),
                        Files.createDirectory(folder.resolve("out")));
    }

    private static EvaluatorConfig.Command config(String command) {
        return new EvaluatorConfig.Command(command, new Location("search.yml", 1, 1, 1, ""));
    }

    private static CommandEvaluator evaluator(String command, Task... tasks) {
        return new CommandEvaluator(config(command), List.of(tasks), Optional.of(7));
    }

    private static double value(Evaluator evaluator, Trial trial) throws EvaluationException {
        return evaluator.evaluate(trial).get("t").value();
    }

    private String log() throws IOException {
        return Files.readString(trials.out().resolve("log.txt"));
    }

    @Test
    void fillsPlacesAndReadsTheNewestResultsFile() throws Exception {
        String command =
                """
                mkdir {out}/deep; echo '{"t": 1}' > {out}/results_1.json
                touch -d 2001-01-01 {out}/results_1.json
                echo '{"t": 0.25}' > {out}/deep/results_2.json
                echo {model} {seed} {slot} [{gpu}] {limit} {split} {tasks} [$CUDA_VISIBLE_DEVICES]
                """;

        assertThat(value(evaluator(command, Trials.task("t")), trials.onGpu(3))).isEqualTo(0.25);
        assertThat(log()).isEqualTo(trials.model().toAbsolutePath() + " 42 1 [3] 7 search t [3]\n");
    }

    @Test
    void reportsFromStandardOutputAreReadBesideOtherLines() throws Exception {
        String command =
                """
                : {model}; echo '{"t": 1}'; echo '{'; echo ' "t": 0.5,'; echo ' "u": {"value": 1}}'
                echo done '{}'; echo noise >&2
                """;

        assertThat(value(evaluator(command, Trials.task("t")), trials.search())).isEqualTo(0.5);
        assertThatThrownBy(() ->
                        value(evaluator("echo {model} '{}'", Trials.task("t")), trials.search()))
                .hasMessageContaining("no JSON object");
    }

    @Test
    void objectsWithinTheLastOneAreNoReportsOfTheirOwn() throws Exception {
        String rows = "{\"t\": 0.1, \"s\": \"}{\\\"\"}" + ",\n{\"t\": 0.2}".repeat(500);
        String printed =
                "{\"t\": 9}\n{ no JSON }\n{\"rows\": [\n%s\n],\n\"t\": 0.5}\n{\n".formatted(rows);

        assertThat(ResultFiles.last(printed).find("t", Optional.empty()).value().doubleValue())
                .isEqualTo(0.5);
    }

    @Test
    void bracesThatNothingClosesTakeNoLongTime() {
        String printed = "{\n".repeat(1 << 20) + "{\"\n".repeat(1 << 18);

        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThat(PrintedObject.last(printed)).isEmpty());
    }

    @Test
    void whatIsHeldOutHasNoLimit() throws Exception {
        String command =
                ": {model} {split}; echo '{\"t\": 1}' > {out}/results.json; echo [{limit}]";

        value(evaluator(command, Trials.task("t")), trials.heldOut());

        assertThat(log()).isEqualTo("[]\n");
    }

    @Test
    void withoutAGpuThePlaceIsEmpty() throws Exception {
        String command = ": {model}; echo '{\"t\": 1, \"gpu\": \"'{gpu}'\"}'";

        value(evaluator(command, Trials.task("t")), trials.search());

        assertThat(log()).isEqualTo("{\"t\": 1, \"gpu\": \"\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "printf '%s\\n' {model}",
                "printf '%s\\n' \"{model}\"",
                "printf '%s\\n' '{model}'",
                "printf '%s\\n' \"\\\"\"{model} | cut -c2-",
                "sh -c 'printf \"%s\\n\" \"$1\"' sh {model}",
            })
    void namesOfFoldersAreNeverRun(String command) throws Exception {
        Path odd =
                Files.createDirectory(
                        folder.resolve("a b'c\"d$(touch pwned)`touch pwned`;*\\n&|é{seed}"));
        Trials inOdd = new Trials(odd, trials.out());

        value(evaluator(command + "; echo '{\"t\": 1}'", Trials.task("t")), inOdd.search());

        assertThat(log().lines().toList().getFirst()).isEqualTo(odd.toAbsolutePath().toString());
        assertThat(Path.of("pwned")).doesNotExist();
    }

    @Test
    void otherBracesAreLeftAlone() throws Exception {
        String command =
                ": {model}; echo x | awk '{print}' && echo ${HOME:+y} '{\"a\": 1}'; "
                        + "echo '{\"t\": 1}'";

        value(evaluator(command, Trials.task("t")), trials.search());

        assertThat(log()).isEqualTo("x\ny {\"a\": 1}\n{\"t\": 1}\n");
    }

    @Test
    void wrongPlacesAreRefusedAtOnce() {
        assertThatThrownBy(() -> evaluator("x {modle}", Trials.task("t")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("search.yml:1:1: unknown placeholder '{modle}'")
                .hasMessageContaining("{gpu}, {limit}, {model}");
        assertThatThrownBy(() -> evaluator("x", Trials.task("t")))
                .hasMessageContaining("has no placeholder for the model");
    }

    @Test
    void heldOutTasksAreThoseWithAnotherNameOrASplit() throws Exception {
        Task plain = Trials.task("t");
        Task both = Trials.task("u", Optional.empty(), Optional.of("u_test"));
        String result = "; echo '{\"t\": 1, \"u\": 2, \"u_test\": 3}'";

        CommandEvaluator named = evaluator(": {model}" + result, plain, both);
        assertThat(named.evaluate(trials.search())).containsOnlyKeys("t", "u");
        assertThat(named.evaluate(trials.heldOut())).containsOnlyKeys("u");
        assertThat(named.evaluate(trials.heldOut()).get("u").value()).isEqualTo(3);

        CommandEvaluator split = evaluator(": {model} {split}" + result, plain, both);
        assertThat(split.evaluate(trials.heldOut())).containsOnlyKeys("t", "u");
        assertThat(split.hasHeldOut()).isTrue();
        assertThat(evaluator(": {model}", plain).hasHeldOut()).isFalse();
    }

    @Test
    void failuresShowTheEndOfTheLog() {
        String command = "seq 1 20; echo {model} >/dev/null; echo 'no\tmemory' >&2; exit 3";

        assertThatThrownBy(() -> value(evaluator(command, Trials.task("t")), trials.search()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("the command ended with status 3\n  | 10\n  | 11\n")
                .hasMessageEndingWith("\n  | 20\n  | no?memory");
        assertThatThrownBy(() ->
                        value(
                                evaluator("no-such-program {model}", Trials.task("t")),
                                trials.search()))
                .hasMessageContaining("status 127 (program not found)");
    }

    @Test
    void logsAreBounded() throws Exception {
        String command = ": {model}; head -c 30000000 /dev/zero | tr '\\0' x; echo '{\"t\": 1}'";

        assertThatThrownBy(() -> value(evaluator(command, Trials.task("t")), trials.search()))
                .hasMessageContaining("no JSON object");
        value(
                evaluator(command.replace("; echo", "; echo; echo"), Trials.task("t")),
                trials.search());
        assertThat(log()).hasSizeBetween(9_000_000, 10_000_000);
        assertThat(log()).contains("bytes omitted]\nx").endsWith("x\n{\"t\": 1}\n");
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        String command = ": {model}; cat; echo '{\"t\": 1}'";

        value(evaluator(command, Trials.task("t")), trials.within(Duration.ofSeconds(30)));

        assertThat(log()).isEqualTo("{\"t\": 1}\n");
    }

    @Test
    void hostileResultsAreRefused() throws IOException {
        Path results = trials.out().resolve("results.json");
        Files.writeString(results, "{\"t\":".repeat(5000));
        assertThatThrownBy(() -> value(evaluator(": {model}", Trials.task("t")), trials.search()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("not valid JSON");
        Files.writeString(results, "[1]");
        assertThatThrownBy(() -> value(evaluator(": {model}", Trials.task("t")), trials.search()))
                .hasMessageContaining("not a JSON object");
        Files.write(results, new byte[100 << 20]);
        assertThatThrownBy(() -> value(evaluator(": {model}", Trials.task("t")), trials.search()))
                .hasMessageContaining("too large");
    }

    /// A command whose grandchild, which nobody waits for, writes down its process id.
    private CommandEvaluator sleeper() {
        return evaluator(
                "sh -c 'sh -c \"echo \\$\\$ > {out}/pid.new; mv {out}/pid.new {out}/pid;"
                        + " sleep 300; :\" & wait' & : {model}; wait; :",
                Trials.task("t"));
    }

    private ProcessHandle grandchild() throws Exception {
        Path file = trials.out().resolve("pid");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(file) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }

    private static void assertGone(ProcessHandle process) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(process.isAlive()).isFalse();
    }

    private static String failure(CommandEvaluator evaluator, Trial trial) {
        try {
            return evaluator.evaluate(trial).toString();
        } catch (EvaluationException e) {
            return e.getMessage();
        }
    }

    @Test
    void timeoutsEndTheWholeTree() throws Exception {
        AsyncValue<String> failure =
                AsyncValue.start(() -> failure(sleeper(), trials.within(Duration.ofSeconds(3))));

        ProcessHandle grandchild = grandchild();
        assertThat(grandchild.isAlive()).isTrue();
        assertThat(failure.get()).isEqualTo("the evaluation took more than 3 s");
        assertGone(grandchild);
    }

    @Test
    void cancellationEndsTheWholeTreeWithinASecond() throws Exception {
        Cancellation cancellation = new Cancellation();
        AsyncValue<String> failure =
                AsyncValue.start(() -> failure(sleeper(), trials.with(cancellation)));

        ProcessHandle grandchild = grandchild();
        cancellation.cancel();
        long start = System.nanoTime();
        assertThat(failure.get()).isEqualTo("the evaluation was cancelled");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertGone(grandchild);
    }

    @Test
    void whatACommandLeavesBehindIsEnded() throws Exception {
        String command =
                "(trap '' TERM; sleep 300) & echo $! > {out}/pid; : {model}; sleep 1;"
                        + " echo '{\"t\": 1}'";

        assertThat(value(evaluator(command, Trials.task("t")), trials.search())).isEqualTo(1);
        Optional<ProcessHandle> left =
                ProcessHandle.of(
                        Long.parseLong(Files.readString(trials.out().resolve("pid")).strip()));
        if (left.isPresent()) {
            assertGone(left.get());
        }
    }

    /// Two processes that leave the command's session and parent and do not end when asked to.
    private static final String DETACHED =
            """
            (setsid sh -c 'trap "" TERM; echo $$ > $0/a; sleep 300; :' {out} &)
            (nohup sh -c 'trap "" TERM INT HUP; echo $$ > $0/b; sleep 300; :' {out} >&2 &)
            : {model}; while ! [ -s {out}/a ] || ! [ -s {out}/b ]; do sleep 0.02; done
            """;

    private void assertDetachedAreGone() throws Exception {
        for (String name : List.of("a", "b")) {
            String pid = Files.readString(trials.out().resolve(name)).strip();
            Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(pid));
            if (left.isPresent()) {
                assertGone(left.get());
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere they cannot be found")
    void whatDetachesItselfIsEndedAfterATimeout() throws Exception {
        CommandEvaluator evaluator = evaluator(DETACHED + "sleep 300; :", Trials.task("t"));

        assertThat(failure(evaluator, trials.within(Duration.ofSeconds(3))))
                .startsWith("the evaluation took more than 3 s");
        assertDetachedAreGone();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere they cannot be found")
    void whatDetachesItselfIsEndedAfterTheCommand() throws Exception {
        CommandEvaluator evaluator = evaluator(DETACHED + "echo '{\"t\": 1}'", Trials.task("t"));

        assertThat(value(evaluator, trials.search())).isEqualTo(1);
        assertDetachedAreGone();
    }
}
