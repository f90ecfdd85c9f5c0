package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.RunSettings;
import jmergekit.problem.MergeException;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// On the models and tasks of `examples/evolve`. What is right is in `evaluate/scores.json`: the mean
/// log-likelihoods and the numbers of exact matches that transformers has in float32.
class BuiltInEvaluatorTest {
    private static final Path EXAMPLE = Path.of("examples", "evolve").toAbsolutePath();
    private static final List<String> NAMES = List.of("add", "rev", "sort", "copy");
    private static final double ERROR = 1e-4;

    private static Models models;
    private static JsonNode expected;

    @TempDir Path folder;

    @BeforeAll
    static void open() throws IOException {
        models = Models.open(EXAMPLE.resolve("models"), ModelSettings.defaults().offline(true));
        try (InputStream in =
                BuiltInEvaluatorTest.class.getResourceAsStream("/evaluate/scores.json")) {
            expected = JsonTree.read(in.readAllBytes());
        }
    }

    @AfterAll
    static void close() {
        models.close();
    }

    private static MergePlan copy(String model) {
        return models.plan(Recipe.merge("passthrough").model(model).dtype("bfloat16").build());
    }

    private static MergePlan sum() {
        return models.plan(
                Recipe.merge("task_arithmetic")
                        .base("base")
                        .model("math", p -> p.set("weight", 0.3))
                        .model("words", p -> p.set("weight", 0.8))
                        .dtype("float32")
                        .build());
    }

    private static MergePlan plan(String name) {
        return name.startsWith("task_arithmetic") ? sum() : copy(name);
    }

    private static Task task(String name, String metric) {
        Path tasks = EXAMPLE.resolve("tasks");
        return new Task(
                name + " " + metric,
                Optional.of(metric),
                Optional.of(tasks.resolve(name + ".search.jsonl")),
                Optional.of(tasks.resolve(name + ".heldout.jsonl")),
                Optional.empty(),
                Optional.empty());
    }

    private Trial trial(MergePlan plan, Split split) {
        return new Trial(
                plan,
                Optional.empty(),
                folder,
                split,
                0,
                OptionalInt.empty(),
                0,
                Optional.empty(),
                RunSettings.defaults());
    }

    @ParameterizedTest
    @CsvSource({"base", "math", "words", "task_arithmetic 0.3 0.8"})
    void scoresAreThoseOfTransformers(String model) throws EvaluationException {
        List<Task> tasks = new ArrayList<>();
        for (String name : NAMES) {
            tasks.add(task(name, "log_likelihood"));
            tasks.add(task(name, "exact_match"));
        }
        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(tasks, Optional.empty(), false, 0, 2)) {
            MergePlan plan = plan(model);
            evaluator.check(plan);
            for (Split split : Split.values()) {
                Map<String, Score> scores = evaluator.evaluate(trial(plan, split));

                assertThat(scores).hasSize(8);
                for (String name : NAMES) {
                    JsonNode right =
                            expected.path(model).path(name + "." + split.text().replace("_", ""));
                    Score likelihood = scores.get(name + " log_likelihood");
                    Score match = scores.get(name + " exact_match");
                    assertThat(likelihood.value())
                            .isCloseTo(right.path("log_likelihood").doubleValue(), within(ERROR));
                    assertThat(likelihood.items()).hasSize(right.path("items").intValue());
                    assertThat(DoubleStream.of(match.items()).sum())
                            .isEqualTo(right.path("exact_match").intValue());
                }
            }
        }
    }

    private Score score(MergePlan plan, Task task) throws EvaluationException {
        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1)) {
            return evaluator.evaluate(trial(plan, Split.SEARCH)).get(task.name());
        }
    }

    private Task task(String metric, Optional<String> extract, String... items) throws IOException {
        Path file = Files.createTempFile(folder, "items", ".jsonl");
        Files.write(file, List.of(items));
        Path copy = Files.copy(file, folder.resolve(file.getFileName() + ".copy"));
        return new Task(
                "task",
                Optional.of(metric),
                Optional.of(file),
                Optional.of(copy),
                Optional.empty(),
                extract.map(Extraction::of));
    }

    private static String item(String context, String continuation) {
        return "{\"context\": \"%s\", \"continuation\": \"%s\"}".formatted(context, continuation);
    }

    /// A copy of a model with another text in one of its files.
    private MergePlan changed(String model, String file, UnaryOperator<String> change)
            throws IOException {
        Path copy = Files.createDirectory(folder.resolve("changed"));
        try (Stream<Path> files = Files.list(EXAMPLE.resolve("models").resolve(model))) {
            for (Path from : files.toList()) {
                Files.copy(from, copy.resolve(from.getFileName()));
            }
        }
        Path changed = copy.resolve(file);
        String text = Files.readString(changed);
        assertThat(change.apply(text)).isNotEqualTo(text);
        Files.writeString(changed, change.apply(text));
        return copy(copy.toString());
    }

    /// The model was not trained on a token of two digits, and says "1" and "1".
    @Test
    void aTextInOtherTokensMatches() throws Exception {
        MergePlan plan =
                changed(
                        "math",
                        "tokenizer.json",
                        text ->
                                text.replace("\"~\": 96", "\"11\": 96")
                                        .replaceFirst(
                                                "\"merges\": \\[\\]",
                                                "\"merges\": [[\"1\", \"1\"]]"));

        Score score =
                score(
                        plan,
                        task(
                                "exact_match",
                                Optional.empty(),
                                item("79+32=", "111"),
                                item("79+32=", "112"),
                                item("79+32=", "11"),
                                item("94+45=", "139"),
                                item("94+45=", "138")));

        assertThat(score.items()).containsExactly(1, 0, 0, 1, 0);
        assertThat(score.value()).isEqualTo(0.4);
    }

    @Test
    void answersAreExtractedFromWhatTheModelWrites() throws Exception {
        Score score =
                score(
                        copy("math"),
                        task(
                                "exact_match",
                                Optional.of("1(\\d)"),
                                item("79+32=", "11, of course"),
                                item("94+45=", "13"),
                                item("94+45=", "3"),
                                item("94+45=", "14"),
                                item("25+30=", "55")));

        // It writes 111, 139 and 55; nothing is extracted from 3, which is wanted as it is.
        assertThat(score.items()).containsExactly(1, 1, 1, 0, 0);
    }

    @Test
    void choicesAreAsked() throws Exception {
        String text = "{\"context\": \"79+32=\", \"choices\": [\"110\", \"111\"], \"answer\": %d}";

        Score score =
                score(
                        copy("math"),
                        task("acc", Optional.empty(), text.formatted(1), text.formatted(0)));

        assertThat(score.items()).containsExactly(1, 0);
    }

    @Test
    void scoresDoNotDependOnThreads() throws EvaluationException {
        List<Task> tasks = NAMES.stream().map(n -> task(n, "log_likelihood")).toList();
        MergePlan plan = sum();
        List<double[]> items = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            try (BuiltInEvaluator evaluator =
                    new BuiltInEvaluator(tasks, Optional.of(50), true, 3, threads)) {
                evaluator
                        .evaluate(trial(plan, Split.SEARCH))
                        .values()
                        .forEach(s -> items.add(s.items()));
            }
        }

        assertThat(items).hasSize(8).allSatisfy(i -> assertThat(i).hasSize(50));
        for (int i = 0; i < 4; i++) {
            assertThat(items.get(i)).isEqualTo(items.get(i + 4));
        }
    }

    @Test
    void modelsThatCannotBeRunAreRefusedBeforeAMerge() throws Exception {
        Task task = task("log_likelihood", Optional.empty(), item("1+1=", "2"));
        MergePlan plan =
                changed("math", "config.json", text -> text.replace("\"silu\"", "\"gelu\""));

        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1)) {
            assertThatThrownBy(() -> evaluator.check(plan))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            "config.json: this activation is not supported"
                                    + " (expected silu, found gelu)");
            assertThatThrownBy(() -> evaluator.evaluate(trial(plan, Split.SEARCH)))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessageContaining("expected silu, found gelu");
        }
    }

    @Test
    void itemsThatAreTooLongAreRefusedBeforeAMerge() throws Exception {
        // With the first token and the last one 63 and 66.
        Task fits = task("log_likelihood", Optional.empty(), item("1".repeat(60), "2"));
        Task tooLong =
                task("log_likelihood", Optional.empty(), item("1", "2"), item("1".repeat(63), "2"));

        try (BuiltInEvaluator evaluator =
                        new BuiltInEvaluator(List.of(fits), Optional.empty(), false, 0, 1);
                BuiltInEvaluator refusing =
                        new BuiltInEvaluator(List.of(tooLong), Optional.empty(), false, 0, 1)) {
            evaluator.check(copy("base"));
            assertThatThrownBy(() -> refusing.check(copy("base")))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            tooLong.items().orElseThrow()
                                    + ":2: an item is too long for the model (expected at most 65"
                                    + " tokens, found 66); config.json sets 64; one more fits, because the last token is not fed to the model");
        }
    }

    @Test
    void aTextWithoutTokensIsRefusedBeforeAMerge() throws Exception {
        Task task = task("log_likelihood", Optional.empty(), item("1+1=", "2"), item("1+1=", "~"));
        MergePlan plan =
                changed(
                        "base",
                        "tokenizer.json",
                        text ->
                                text.replace(
                                        "\"normalizer\": null",
                                        "\"normalizer\": {\"type\": \"Replace\", \"pattern\":"
                                                + " {\"String\": \"~\"}, \"content\": \"\"}"));

        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1)) {
            assertThatThrownBy(() -> evaluator.check(plan))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            "the model: the tokenizer gives no tokens for the continuation"
                                    + " (found '~')");
            assertThatThrownBy(() -> evaluator.evaluate(trial(plan, Split.SEARCH)))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessageContaining("gives no tokens");
        }
    }

    @Test
    void aModelWithoutNumbersHasNoScore() throws Exception {
        Task task = task("log_likelihood", Optional.empty(), item("1+1=", "2"));
        MergePlan plan =
                models.plan(
                        Recipe.merge("task_arithmetic")
                                .base("base")
                                .model("math", p -> p.set("weight", 1e300))
                                .dtype("float32")
                                .build());

        assertThatThrownBy(() -> score(plan, task))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the model's probabilities are not numbers after '1+1='");
        assertThatThrownBy(() ->
                        score(plan, task("exact_match", Optional.of("\\d"), item("1+1=", "2"))))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the model's probabilities are not numbers during generation");
    }

    @Test
    void anEvaluationEndsAtItsTime() throws Exception {
        Task task = task("log_likelihood", Optional.empty(), item("1+1=", "2"));
        Trial trial =
                new Trial(
                        sum(),
                        Optional.empty(),
                        folder,
                        Split.SEARCH,
                        0,
                        OptionalInt.empty(),
                        0,
                        Optional.of(Duration.ZERO),
                        RunSettings.defaults());

        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1)) {
            assertThatThrownBy(() -> evaluator.evaluate(trial))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessage("the evaluation took more than 0 s");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bleu | `` | no such metric (expected one of log_likelihood, perplexity, exact_match, found 'bleu')",
                "acc | `` | this metric is for another type of items (expected one of log_likelihood, perplexity, exact_match, found 'acc')",
                "perplexity | x | there is no answer to extract (expected the metric 'exact_match', found 'perplexity')"
            })
    void wrongMetricsAreRefused(String metric, String extract, String expected) throws Exception {
        Optional<String> pattern = Optional.of(extract).filter(e -> !e.isEmpty());
        Task task = task(metric, pattern, item("1+1=", "2"));

        assertThatThrownBy(() -> new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1))
                .isInstanceOf(MergeException.class)
                .hasMessage("task: " + expected);
    }

    @Test
    void theDescriptionSaysHowManyItemsAreAskedTwice() throws Exception {
        Task task = task("log_likelihood", Optional.empty(), item("1", "2"), item("3", "4"));

        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(List.of(task), Optional.of(1), false, 0, 1)) {
            assertThat(evaluator.description())
                    .isEqualTo(
                            "built in, on 1 items; 2 held out (1 of them also used in the search)");
        }
    }

    @Test
    void theDescriptionSaysWhatIsHeldOut() throws Exception {
        Path items = task("log_likelihood", Optional.empty(), item("1", "2")).items().orElseThrow();
        Files.write(items, List.of(item("1", "2"), item("3", "4"), item("5", "6")));
        Task split =
                new Task(
                        "own",
                        Optional.of("log_likelihood,none"),
                        Optional.of(items),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        try (BuiltInEvaluator evaluator =
                new BuiltInEvaluator(
                        List.of(split, task("add", "perplexity")), Optional.of(100), false, 0, 1)) {
            assertThat(evaluator.description())
                    .isEqualTo(
                            "built in, on 102 items; 301 held out (2 of them also used in the search),"
                                    + " for own a third of the file");
            assertThat(evaluator.readsFolder()).isFalse();
            assertThat(evaluator.hasHeldOut()).isTrue();
        }
    }
}
