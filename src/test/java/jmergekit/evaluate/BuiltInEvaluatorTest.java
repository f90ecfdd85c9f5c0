package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import jmergekit.Cancellation;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
                new Cancellation());
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
}
