package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.LevelledMerge;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.PolarMerge;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.PreparedMethod;
import jmergekit.model.ModelReference;
import jmergekit.output.OutputConfig;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.planner.OpenedModels;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.primitive.Primitives;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Methods that need whole matrices or statistics, each in one file of the tests, from recipe to file.
class MethodKindsTest {
    private static final MergeMethods METHODS =
            MergeMethods.builtIn().with(new PolarMerge(), new LevelledMerge());

    private static final String Q = "model.layers.1.self_attn.q_proj.weight";

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("base"));
        TinyModel.llama(2, 16, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(1).write(folder.resolve("a"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(2).write(folder.resolve("b"), "F32");
    }

    private BoundPlan plan(String method) {
        return PlanRuns.bound(merge(method, new OpenedModels()));
    }

    private PlannedMerge merge(String method, OpenedModels opened) {
        return merge(method, opened, METHODS);
    }

    private PlannedMerge merge(String method, OpenedModels opened, MergeMethods methods) {
        return PlanRuns.merge(
                folder,
                """
                merge_method: %s
                base_model: ./base
                models: [{model: ./a}, {model: ./b}]
                """
                        .formatted(method),
                new PlanOptions(
                        LocalModels.in(folder),
                        opened,
                        methods,
                        false,
                        Sharding.safetensors(40_000),
                        0));
    }

    private Map<String, TinyModel.Values> merged(String method, int threads) {
        Path out = folder.resolve(method + threads);
        PlanRuns.write(
                plan(method), OutputPlace.of(out, false, false), threads, METHODS, (_, _) -> {});
        return TinyModel.read(out);
    }

    private float[] change(Map<String, TinyModel.Values> model, String tensor) {
        float[] merged = model.get(tensor).data();
        float[] base = TinyModel.read(folder.resolve("base")).get(tensor).data();
        float[] change = new float[merged.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = merged[i] - base[i];
        }
        return change;
    }

    @Test
    void aWholeMatrixMethodMergesTensors() {
        float[] change = change(merged("polar", 2), Q);

        // All singular values of a polar factor are 1 or 0: C C^T is a projection.
        int n = (int) Math.sqrt(change.length);
        double[][] gram = product(n, (i, k) -> change[i * n + k], (k, j) -> change[j * n + k]);
        double[][] square = product(n, (i, k) -> gram[i][k], (k, j) -> gram[k][j]);
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += gram[i][i];
            assertThat(square[i]).containsExactly(gram[i], within(1e-3));
        }
        assertThat(trace).isGreaterThan(1);
    }

    private interface Entries {
        double at(int row, int column);
    }

    private static double[][] product(int n, Entries a, Entries b) {
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    product[i][j] += a.at(i, k) * b.at(k, j);
                }
            }
        }
        return product;
    }

    @Test
    void theMemoryThatAMethodDeclaresIsInThePlan() {
        Plan plan = plan("polar").plan();

        // The embeddings: five matrices of 16 x 32 and one of 16 x 16 are less than those of the
        // MLP.
        assertThat(plan.memoryOfMethod()).isGreaterThan(4L * 5 * 32 * 32);
        assertThat(plan("levelled").plan().memoryOfMethod()).isZero();
    }

    @Test
    void aStatisticsMethodChangesAllTensorsOfALayerAlike() {
        Map<String, TinyModel.Values> merged = merged("levelled", 2);
        List<String> layer =
                merged.keySet().stream().filter(n -> n.startsWith("model.layers.1.")).toList();
        double mean = layer.stream().mapToDouble(this::size).average().orElseThrow();

        for (String tensor : layer) {
            float[] a = change(TinyModel.read(folder.resolve("a")), tensor);
            float[] b = change(TinyModel.read(folder.resolve("b")), tensor);
            float[] change = change(merged, tensor);
            double factor = size(tensor) == 0 ? 0 : mean / size(tensor);
            for (int i = 0; i < change.length; i++) {
                assertThat((double) change[i]).isCloseTo(factor * (a[i] + b[i]) / 2, within(1e-6));
            }
        }
        assertThat(mean).isPositive();
    }

    @Test
    void aMeasurementThatNeedsMoreMemoryThanThereIsIsNotBegun() {
        MergeMethods greedy = MergeMethods.builtIn().with(new GreedyMeasurement());
        BoundPlan plan = PlanRuns.bound(merge("greedy", new OpenedModels(), greedy));

        assertThatThrownBy(() ->
                        PlanRuns.write(
                                plan,
                                OutputPlace.of(folder.resolve("out"), false, false),
                                2,
                                greedy,
                                (_, _) -> {}))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("needs the whole tensor in memory");
    }

    private static final class GreedyMeasurement implements PreparedMethod {
        @Override
        public MethodInfo info() {
            return MethodInfo.named("greedy", "Greedy")
                    .summary("Measures with more memory than there is.")
                    .formula("base")
                    .taskVectors()
                    .build();
        }

        @Override
        public long memory(MergeInput input) {
            return Long.MAX_VALUE / 4;
        }

        @Override
        public String group(MergeInput input) {
            return "";
        }

        @Override
        public double[] measure(MergeInput input, Primitives primitives) {
            throw new UnsupportedOperationException("measured");
        }

        @Override
        public void merge(MergeInput input, Primitives primitives) {
            throw new UnsupportedOperationException("merged");
        }
    }

    @Test
    void aStatisticsMethodIsRefusedInsideAnotherRecipe() {
        OpenedModels opened = new OpenedModels();
        PlannedMerge inner = merge("levelled", opened);

        assertThatThrownBy(() ->
                        opened.nest(ModelReference.of("inner"), inner, OutputConfig.json(inner)))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RECIPE))
                .hasMessageContaining("recipe.yml:1")
                .hasMessageContaining("'levelled' needs statistics and cannot be used inside");
    }

    @Test
    void aPlanAsDataWithOneInsideIsRefusedWhenItRuns() {
        TensorTask inner = plan("levelled").plan().tasks().getFirst();
        Preparations preparations = new Preparations(plan("levelled").plan(), METHODS);

        assertThatThrownBy(() -> preparations.innerInput(inner, (Work.Merge) inner.work()))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("'levelled' needs statistics");
    }

    /// The mean magnitude of what both models changed in a tensor.
    private double size(String tensor) {
        double sum = 0;
        int count = 0;
        for (String model : List.of("a", "b")) {
            for (float c : change(TinyModel.read(folder.resolve(model)), tensor)) {
                sum += Math.abs(c);
                count++;
            }
        }
        return sum / count;
    }

    @Test
    void oneThreadAndFourGiveTheSame() {
        for (String method : List.of("polar", "levelled")) {
            Map<String, TinyModel.Values> one = merged(method, 1);
            merged(method, 4)
                    .forEach((name, values) ->
                            assertThat(values.data()).containsExactly(one.get(name).data()));
        }
    }
}
