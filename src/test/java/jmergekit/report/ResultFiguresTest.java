package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.cpu.CpuExecutor;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.Findings;
import jmergekit.engine.PlanRuns;
import jmergekit.engine.Review;
import jmergekit.engine.RunThreads;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.method.MergeMethods;
import jmergekit.plan.Plan;
import jmergekit.planner.PlanOptions;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Figures of a result against sums in double precision over what was written.
class ResultFiguresTest {
    private static final String TASKS =
            """
            merge_method: task_arithmetic
            base_model: base
            models:
              - {model: a, parameters: {weight: 0.75}}
              - {model: b, parameters: {weight: -0.5}}
            """;

    @TempDir private Path folder;

    private final List<ModelDifference> parents = new ArrayList<>();
    private final List<RoundingError> rounding = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private TinyModel base;
    private TinyModel a;
    private TinyModel b;

    @BeforeEach
    void writeModels() {
        base = TinyModel.llama(2, 8, false, 0).write(folder.resolve("base"), "F32");
        a = base.tuned(1).write(folder.resolve("a"), "F32");
        b = base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Map<String, TinyModel.Values> run(String recipe) {
        PlanOptions options =
                new PlanOptions(LocalModels.in(folder), false, Sharding.safetensors(30_000), 0);
        BoundPlan plan = PlanRuns.bound(PlanRuns.merge(folder, recipe, options));
        Path out = folder.resolve("out");
        PlanRuns.writeReviewed(plan, OutputPlace.of(out, true, false), new Measuring(plan));
        return TinyModel.read(out);
    }

    private final class Measuring implements Review {
        private final BoundPlan bound;

        Measuring(BoundPlan bound) {
            this.bound = bound;
        }

        @Override
        public List<OutputFile> files(Findings found, List<OutputFile> planned) {
            return planned;
        }

        @Override
        public void finished(Plan plan, Path written) {
            RunThreads threads = RunThreads.of(2);
            parents.addAll(
                    new ReportMeasures(bound, written, threads, new Cancellation()).parents(notes));
            rounding.addAll(
                    new RoundingSample(
                                    bound,
                                    written,
                                    MergeMethods.builtIn(),
                                    threads,
                                    new CpuExecutor(TileOps.best()),
                                    new Cancellation())
                            .errors());
        }
    }

    /// Products of the changes of two models from a third one, over all tensors.
    private double product(
            Map<String, TinyModel.Values> from,
            Map<String, TinyModel.Values> x,
            Map<String, TinyModel.Values> y) {
        double sum = 0;
        for (Map.Entry<String, TinyModel.Values> e : from.entrySet()) {
            float[] zero = e.getValue().data();
            float[] first = x.get(e.getKey()).data();
            float[] second = y.get(e.getKey()).data();
            for (int i = 0; i < zero.length; i++) {
                sum += ((double) first[i] - zero[i]) * ((double) second[i] - zero[i]);
            }
        }
        return sum;
    }

    @Test
    void aResultIsComparedWithItsParentsAndTheirBase() {
        Map<String, TinyModel.Values> out = run(TASKS);
        Map<String, TinyModel.Values> zero = TinyModel.read(folder.resolve("base"));
        Map<String, TinyModel.Values> tuned = TinyModel.read(folder.resolve("a"));
        double own = product(zero, out, out);
        double its = product(zero, tuned, tuned);
        double both = product(zero, out, tuned);

        assertThat(notes).isEmpty();
        assertThat(parents).singleElement();
        Sums sums = parents.getFirst().total();
        assertThat(parents.getFirst().models()).containsExactly("base", "a", "b", "the result");
        assertThat(parents.getFirst().hasBase()).isTrue();
        assertThat(sums.change(3)).isCloseTo(Math.sqrt(own), within(1e-6));
        assertThat(sums.changeCosine(3, 1)).isCloseTo(both / Math.sqrt(own * its), within(1e-9));
        assertThat(sums.kept(3, 1)).isCloseTo(both / its, within(1e-9));
        assertThat(sums.elements())
                .isEqualTo(zero.values().stream().mapToInt(v -> v.data().length).sum());
        assertThat(parents.getFirst().byLayer("default")).hasSize(2);
    }

    @Test
    void withoutABaseModelsThemselvesAreCompared() {
        Map<String, TinyModel.Values> out =
                run(
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: 1}}
                          - {model: b, parameters: {weight: 3}}
                        """);
        Map<String, TinyModel.Values> tuned = TinyModel.read(folder.resolve("b"));
        Sums sums = parents.getFirst().total();

        assertThat(parents.getFirst().models()).containsExactly("a", "b", "the result");
        assertThat(sums.distance(2, 1))
                .isCloseTo(Math.sqrt(product(tuned, out, out)), within(1e-6));
        assertThat(sums.distance(2, 1)).isCloseTo(sums.distance(0, 1) / 4, within(1e-5));
    }

    @Test
    void slicesOfOtherModelsAreSetsOfTheirOwn() {
        run(
                """
                merge_method: linear
                slices:
                  - sources:
                      - {model: a, layer_range: [0, 1], parameters: {weight: 1}}
                      - {model: b, layer_range: [1, 2], parameters: {weight: 1}}
                  - sources:
                      - {model: base, layer_range: [0, 1], parameters: {weight: 1}}
                      - {model: b, layer_range: [0, 1], parameters: {weight: 1}}
                """);

        assertThat(parents)
                .extracting(ModelDifference::models)
                .contains(List.of("a", "b", "the result"), List.of("base", "b", "the result"));
    }

    @Test
    void roundingIsTheDistanceFromFloat32() {
        Map<String, TinyModel.Values> out = run(TASKS + "dtype: bfloat16\n");

        assertThat(rounding).hasSize(21);
        assertThat(rounding)
                .allSatisfy(error -> {
                    double differences = 0;
                    double squares = 0;
                    float[] stored = out.get(error.tensor()).data();
                    for (int i = 0; i < stored.length; i++) {
                        double zero = base.data(error.tensor())[i];
                        double exact =
                                zero
                                        + 0.75 * (a.data(error.tensor())[i] - zero)
                                        - 0.5 * (b.data(error.tensor())[i] - zero);
                        differences += (stored[i] - exact) * (stored[i] - exact);
                        squares += exact * exact;
                    }
                    assertThat(error.dtype()).isEqualTo("BF16");
                    assertThat(error.relative())
                            .isPositive()
                            .isCloseTo(Math.sqrt(differences / squares), within(1e-6));
                });
    }

    @Test
    void whatIsWrittenInFloat32IsNotRounded() {
        run(TASKS);

        assertThat(rounding).isEmpty();
    }

    @Test
    void whatAnotherRecipeMakesOrOneModelGivesIsNotCompared() {
        run("merge_method: passthrough\nmodels: [{model: a, parameters: {scale: 0.5}}]\n");

        assertThat(parents).isEmpty();
        assertThat(notes).singleElement().asString().startsWith("21 tensors are not compared");
    }
}
