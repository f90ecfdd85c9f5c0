package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import jmergekit.Models;
import jmergekit.PlanSettings;
import jmergekit.Recipe;
import jmergekit.RunSettings;
import jmergekit.Tensor;
import jmergekit.config.EvolveConfig;
import jmergekit.config.EvolveReader;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.evaluate.Trial;
import jmergekit.fixture.TinyModel;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
    // Stands for what the recipe under test is made of.
    private static final String CONFIG =
            """
            genome: {models: [one, two], merge_method: task_arithmetic, base_model: base}
            tasks: [{name: near, file: near.jsonl}]
            """;

    @TempDir private Path folder;
    private Models models;
    private Map<String, Tensor> wanted;

    @BeforeEach
    void makeModels() {
        TinyModel base = TinyModel.llama(1, 8, false, 1);
        base.write(folder.resolve("base"), "F32");
        base.tuned(2).write(folder.resolve("one"), "F32");
        base.tuned(3).write(folder.resolve("two"), "F32");
        models = Models.open(folder);
        String recipe = new WeightedPair().recipe(new Point(0.3, 0.8));
        wanted = models.plan(Recipe.parse(recipe)).toMemory();
    }

    @AfterEach
    void closeModels() {
        models.close();
    }

    private static SearchOptions options(int slots, boolean resume) {
        return options(slots, 40, OptionalLong.empty(), resume);
    }

    private static SearchOptions options(String algorithm, long evaluations, boolean resume) {
        SearchOptions usual = options(2, evaluations, OptionalLong.empty(), resume);
        return new SearchOptions(
                algorithm,
                evaluations,
                usual.sigma0(),
                usual.population(),
                usual.seed(),
                usual.slots(),
                usual.lookahead(),
                usual.gpus(),
                usual.time(),
                usual.trialTime(),
                usual.patience(),
                false,
                resume,
                usual.plan(),
                usual.run());
    }

    private static SearchOptions options(
            int slots, long evaluations, OptionalLong patience, boolean resume) {
        return new SearchOptions(
                "cma-es",
                evaluations,
                0.2,
                OptionalInt.empty(),
                5,
                slots,
                4,
                0,
                Optional.empty(),
                Optional.empty(),
                patience,
                true,
                resume,
                PlanSettings.defaults().withoutCard(),
                RunSettings.defaults().threads(1).sync(false));
    }

    private DistanceEvaluator evaluator(long seedOfDelays) {
        return new DistanceEvaluator(wanted, seedOfDelays);
    }

    private SearchSummary run(String storage, Evaluator evaluator, SearchOptions options) {
        EvolveConfig config =
                new EvolveReader(folder).read("pair.yml", CONFIG, new Problems()).orElseThrow();
        SearchProgress quiet =
                new SearchProgress() {
                    @Override
                    public void say(String line) {}

                    @Override
                    public void evaluated(Evaluation e, long done, long most, double best) {}
                };
        return new Search(
                        models,
                        config,
                        new WeightedPair(),
                        evaluator,
                        new Objective(Map.of("near", 1.0)),
                        "distance",
                        options,
                        quiet)
                .run(folder.resolve(storage), storage);
    }

    private static List<Evaluation> candidates(SearchSummary summary) {
        return summary.evaluations().stream()
                .filter(e -> e.baseline().isEmpty())
                .sorted(Comparator.comparingLong(Evaluation::number))
                .toList();
    }

    // All but the times.
    private static List<String> outcomes(SearchSummary summary) {
        return candidates(summary).stream()
                .map(e -> e.number() + " " + e.point() + " " + e.objective() + " " + e.sameAs())
                .toList();
    }

    @Test
    void itFindsAModelBetterThanItsParentsAndSaysSo() throws IOException {
        SearchSummary summary = run("search", evaluator(1), options(2, false));

        Evaluation winner =
                candidates(summary).get(Math.toIntExact(summary.winner().orElseThrow()));
        assertThat(winner.point().orElseThrow().get(0)).isBetween(0.2, 0.4);
        assertThat(winner.point().orElseThrow().get(1)).isBetween(0.7, 0.9);
        assertThat(String.join(" ", summary.verdict()))
                .contains("the winner is better than the best parent, beyond noise");
        Path files = folder.resolve("search");
        assertThat(files.toFile().list())
                .containsExactlyInAnyOrder(
                        "best_config.yaml",
                        "evaluations.jsonl",
                        "final_model",
                        "report.html",
                        "search.json",
                        "state.json");
        assertThat(Files.readString(files.resolve("best_config.yaml")))
                .isEqualTo(new WeightedPair().recipe(winner.point().orElseThrow()));
        assertThat(files.resolve("final_model/model.safetensors")).exists();
    }

    @Test
    void baselinesAreScoredFirstAndAgainAtTheEnd() {
        SearchSummary summary = run("search", evaluator(1), options(1, false));

        assertThat(summary.evaluations().stream().limit(4).map(e -> e.baseline().orElse("none")))
                .containsExactly("one", "two", "base", "equal weights");
        assertThat(summary.heldOut()).hasSize(9).allMatch(e -> e.split() == Split.HELD_OUT);
    }

    @Test
    void whichCandidatesComeDoesNotDependOnWhichEndsFirst() {
        List<String> first = outcomes(run("a", evaluator(1), options(3, false)));

        assertThat(outcomes(run("b", evaluator(2), options(3, false)))).isEqualTo(first);
        assertThat(outcomes(run("c", evaluator(3), options(1, false)))).isEqualTo(first);
    }

    @Test
    void equalModelsAreScoredOnce() {
        DistanceEvaluator evaluator = evaluator(1);

        SearchSummary summary =
                run("search", evaluator, options(2, 80, OptionalLong.empty(), false));

        long twins = candidates(summary).stream().filter(e -> e.sameAs().isPresent()).count();
        assertThat(twins).isPositive();
        assertThat(evaluator.asked).hasValue((int) (80 - twins + 4 + 9));
        candidates(summary).stream()
                .filter(e -> e.sameAs().isPresent())
                .forEach(e -> {
                    Evaluation equal =
                            candidates(summary).get(Math.toIntExact(e.sameAs().getAsLong()));
                    assertThat(equal.hash()).isEqualTo(e.hash());
                    assertThat(equal.objective()).isEqualTo(e.objective());
                });
    }

    @Test
    void aSearchThatWasStoppedGoesOnToTheSameEnd() {
        List<String> whole = outcomes(run("whole", evaluator(1), options(2, false)));
        for (int stop : new int[] {2, 5, 11, 30}) {
            String storage = "stopped-" + stop;
            DistanceEvaluator stopping =
                    new DistanceEvaluator(wanted, stop) {
                        @Override
                        public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                            if (asked.get() >= stop) {
                                throw new IllegalStateException("stopped");
                            }
                            return super.evaluate(trial);
                        }
                    };
            assertThatThrownBy(() -> run(storage, stopping, options(2, false)))
                    .hasMessage("stopped");

            DistanceEvaluator rest = evaluator(stop);
            SearchSummary summary = run(storage, rest, options(2, true));

            assertThat(outcomes(summary)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cma-es", "nsga2", "random"})
    void everyAlgorithmGoesOnWithMoreCandidates(String algorithm) {
        String whole = "whole-" + algorithm;
        List<String> all = outcomes(run(whole, evaluator(1), options(algorithm, 60, false)));
        String storage = "part-" + algorithm;
        run(storage, evaluator(2), options(algorithm, 25, false));

        SearchSummary summary = run(storage, evaluator(3), options(algorithm, 60, true));

        assertThat(outcomes(summary)).isEqualTo(all);
        assertThat(summary.front().isEmpty()).isEqualTo(!algorithm.equals("nsga2"));
    }

    @Test
    void aGridEndsWhenEveryPointOfItWasScored() {
        SearchSummary summary = run("grid", evaluator(1), options("grid", 33, false));

        // 6 × 5: the finest that fits 33.
        assertThat(candidates(summary)).hasSize(30);
        assertThat(candidates(summary).stream().map(e -> e.point().orElseThrow().get(1)).distinct())
                .containsExactlyInAnyOrder(0.0, 0.25, 0.5, 0.75, 1.0);
    }

    @Test
    void aCandidateThatFailsInManyPlacesIsOneFailure() {
        DistanceEvaluator failing =
                new DistanceEvaluator(wanted, 1) {
                    @Override
                    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                        Map<String, Score> scores = super.evaluate(trial);
                        if (trial.out().endsWith("candidate-00000")) {
                            throw new EvaluationException("out of memory");
                        }
                        return scores;
                    }
                };

        SearchSummary summary = run("search", failing, options("random", 40, false));

        assertThat(candidates(summary)).hasSize(40);
    }

    @Test
    void whatFailsBecauseTheSearchIsCancelledIsNotLogged() throws IOException {
        SearchOptions options = options(1, false);
        DistanceEvaluator cancelling =
                new DistanceEvaluator(wanted, 1) {
                    @Override
                    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                        if (asked.get() == 9) {
                            trial.run().cancellation().cancel();
                            throw new EvaluationException("the evaluation was cancelled");
                        }
                        return super.evaluate(trial);
                    }
                };

        assertThatThrownBy(() -> run("search", cancelling, options))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the search was stopped")
                .hasMessageContaining("--resume");

        assertThat(Files.readAllLines(folder.resolve("search/evaluations.jsonl")))
                .hasSize(9)
                .noneMatch(line -> line.contains("cancelled"));
    }

    @Test
    void whatIsInTheLogIsNotScoredAgain() {
        run("search", evaluator(1), options(2, 20, OptionalLong.empty(), false));
        DistanceEvaluator rest = evaluator(2);

        SearchSummary summary = run("search", rest, options(2, 40, OptionalLong.empty(), true));

        List<String> whole = outcomes(run("whole", evaluator(1), options(2, false)));
        assertThat(outcomes(summary)).isEqualTo(whole);
        assertThat(rest.asked.get()).isLessThanOrEqualTo(20 + 5);
    }

    @Test
    void aSearchGoesOnOnlyAsTheOneThatItWas() {
        run("search", evaluator(1), options(1, 5, OptionalLong.empty(), false));
        SearchOptions other =
                new SearchOptions(
                        "random",
                        10,
                        0.3,
                        OptionalInt.empty(),
                        6,
                        1,
                        1,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        false,
                        true,
                        PlanSettings.defaults().withoutCard(),
                        RunSettings.defaults());

        assertThatThrownBy(() -> run("search", evaluator(1), other))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "was started with another --algorithm (expected cma-es, found random)")
                .hasMessageContaining(
                        "was started with another --random-seed (expected 5, found 6)")
                .hasMessageContaining("was started with another --sigma0")
                .hasMessageNotContaining("models have changed");
    }

    @Test
    void aFolderWithASearchIsNotTakenForANewOne() {
        run("search", evaluator(1), options(1, 5, OptionalLong.empty(), false));

        assertThatThrownBy(() ->
                        run("search", evaluator(1), options(1, 5, OptionalLong.empty(), false)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("already contains a search")
                .hasMessageContaining("--resume");
    }

    @Test
    void aFailedCandidateRanksLastAndTheSearchGoesOn() {
        DistanceEvaluator failing =
                new DistanceEvaluator(wanted, 1) {
                    @Override
                    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                        Map<String, Score> scores = super.evaluate(trial);
                        if (trial.out().endsWith("candidate-00003")) {
                            leaveLog(trial.out());
                            throw new EvaluationException("out of memory");
                        }
                        return scores;
                    }
                };

        SearchSummary summary = run("search", failing, options(1, false));

        Evaluation failed = candidates(summary).get(3);
        assertThat(failed.failure()).hasValue("out of memory");
        assertThat(failed.objective()).isEmpty();
        assertThat(candidates(summary)).hasSize(40);
        assertThat(folder.resolve("search/trials/candidate-00003/log.txt")).exists();
        assertThat(folder.resolve("search/trials").toFile().list())
                .containsExactly("candidate-00003");
    }

    private static void leaveLog(Path out) {
        try {
            Files.writeString(out.resolve("log.txt"), "killed");
        } catch (IOException e) {
            throw new IllegalStateException("the test's folder cannot be written", e);
        }
    }

    @Test
    void whatScoresNoParentScoresNoCandidate() {
        DistanceEvaluator failing =
                new DistanceEvaluator(wanted, 1) {
                    @Override
                    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                        throw new EvaluationException("no such program");
                    }
                };

        assertThatThrownBy(() -> run("search", failing, options(1, false)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("baseline 'one': cannot be scored")
                .hasMessageContaining("no such program");

        // Once it is mended, the search goes on.
        assertThat(candidates(run("search", evaluator(1), options(1, true)))).hasSize(40);
    }

    @Test
    void tenFailuresInARowEndTheSearchUntilTheirCauseIsMended() {
        List<String> whole = outcomes(run("whole", evaluator(1), options(1, false)));
        DistanceEvaluator failing =
                new DistanceEvaluator(wanted, 1) {
                    @Override
                    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
                        Map<String, Score> scores = super.evaluate(trial);
                        if (asked.get() > 12) {
                            throw new EvaluationException("disk full");
                        }
                        return scores;
                    }
                };

        assertThatThrownBy(() -> run("search", failing, options(1, false)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("10 candidates in a row failed")
                .hasMessageContaining("disk full");

        assertThat(outcomes(run("search", evaluator(1), options(1, true)))).isEqualTo(whole);
    }

    @Test
    void patienceEndsASearchThatFindsNothingBetter() {
        SearchSummary summary =
                run("search", evaluator(1), options(1, 400, OptionalLong.of(25), false));

        List<Evaluation> all = candidates(summary);
        assertThat(all).hasSizeLessThan(400);
        assertThat(all.size() - 1 - summary.winner().orElseThrow()).isBetween(25L, 30L);
    }
}
