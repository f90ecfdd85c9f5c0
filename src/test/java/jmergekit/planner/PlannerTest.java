package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.method.Value;
import jmergekit.output.MergedModel;
import jmergekit.output.PendingFiles;
import jmergekit.plan.PlanText;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.shards.Sharding;
import jmergekit.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
    private static final String Q = "model.layers.%d.self_attn.q_proj.weight";
    private static final String HEAD = "lm_head.weight";

    @TempDir private Path folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void writeModels() {
        TinyModel.llama(4, 24, false, 0).write(folder.resolve("a"), "BF16");
        TinyModel.llama(4, 24, false, 1).write(folder.resolve("b"), "F16");
    }

    @Test
    void wholeModelsGiveEveryTensorOnce() {
        PlannedMerge plan = plan(linear("weight: 1", "weight: 3"));

        assertThat(plan.tasks()).hasSize(39);
        assertThat(byName(plan)).hasSize(39);
        assertThat(task(plan, HEAD).output().dtype()).isEqualTo(DType.F32);
    }

    @Test
    void aGradientRunsFromTheFirstLayerToTheLastAndStartsTheLooseTensors() {
        PlannedMerge plan = plan(linear("weight: [0, 1]", "weight: 1"));

        assertThat(weight(plan, Q.formatted(0), 0)).isEqualTo(0.0);
        assertThat(weight(plan, Q.formatted(1), 0)).isEqualTo(1 / 3.0);
        assertThat(weight(plan, Q.formatted(3), 0)).isEqualTo(1.0);
        assertThat(weight(plan, HEAD, 0)).isEqualTo(0.0);
    }

    @Test
    void aFilterThatDoesNotMatchFallsThroughToTheNextLevel() {
        PlannedMerge plan =
                plan(
                        linear("weight: [{filter: mlp, value: 2}]", "weight: 1")
                                + "parameters: {weight: 5}\n");

        assertThat(weight(plan, "model.layers.0.mlp.up_proj.weight", 0)).isEqualTo(2.0);
        assertThat(weight(plan, HEAD, 0)).isEqualTo(5.0);
        assertThat(weight(plan, HEAD, 1)).isEqualTo(1.0);
    }

    @Test
    void slicesNumberTheirLayersAnew() {
        PlannedMerge plan =
                plan(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./a, layer_range: [0, 2]}]
                          - sources: [{model: ./a, layer_range: [1, 4]}]
                        """);

        assertThat(task(plan, Q.formatted(2)).sources().getFirst().spec().name())
                .isEqualTo(Q.formatted(1));
        assertThat(byName(plan)).containsKey(Q.formatted(4)).doesNotContainKey(Q.formatted(5));
        assertThat(plan.configChanges().stacks().getFirst().layers())
                .extracting(LayerOrigin::layer)
                .containsExactly(0, 1, 1, 2, 3);
    }

    @Test
    void theSameModelTwiceInASliceIsMixedAsWritten() {
        PlannedMerge plan =
                plan(
                        """
                        merge_method: linear
                        slices:
                          - sources:
                              - {model: ./a, layer_range: [0, 1], parameters: {weight: 1}}
                              - {model: ./a, layer_range: [1, 2], parameters: {weight: 3}}
                        """);

        assertThat(task(plan, Q.formatted(0)).sources())
                .extracting(s -> s.spec().name())
                .containsExactly(Q.formatted(0), Q.formatted(1));
        assertThat(weight(plan, Q.formatted(0), 1)).isEqualTo(3.0);
    }

    @Test
    void aTensorMissingFromOneLayerIsDamage() {
        TinyModel.llama(4, 24, false, 1)
                .without("model.layers.2.mlp.up_proj.weight")
                .write(folder.resolve("b"), "BF16");

        assertRefused(linear("weight: 1", "weight: 1"))
                .hasMessageContaining("./b: tensor 'model.layers.2.mlp.up_proj.weight' is missing")
                .hasMessageContaining("'./a' has it");
    }

    @Test
    void aBiasThatAModelLacksInEveryLayerIsOptional() {
        TinyModel withBias = TinyModel.llama(4, 24, false, 1);
        for (int i = 0; i < 4; i++) {
            String name = "model.layers.%d.self_attn.q_proj.bias".formatted(i);
            withBias.with(name, List.of(32), new float[32]);
        }
        withBias.write(folder.resolve("b"), "BF16");

        PlannedMerge plan = plan(linear("weight: 1", "weight: 1"));

        assertThat(task(plan, "model.layers.3.self_attn.q_proj.bias").inputs())
                .extracting(TaskInput::model)
                .containsExactly(1);
    }

    @Test
    void aBiasMissingFromOneLayerIsDamage() {
        TinyModel withBias = TinyModel.llama(4, 24, false, 1);
        TinyModel damaged = TinyModel.llama(4, 24, false, 2);
        for (int i = 0; i < 4; i++) {
            String name = "model.layers.%d.self_attn.q_proj.bias".formatted(i);
            withBias.with(name, List.of(32), new float[32]);
            damaged.with(name, List.of(32), new float[32]);
        }
        withBias.write(folder.resolve("a"), "BF16");
        damaged.without("model.layers.1.self_attn.q_proj.bias").write(folder.resolve("b"), "BF16");

        assertRefused(linear("weight: 1", "weight: 1"))
                .hasMessageContaining("model.layers.1.self_attn.q_proj.bias");
    }

    @Test
    void unknownArchitecturesAreMergedByNameAndShape() {
        for (String name : List.of("a", "b")) {
            TinyModel.llama(4, 24, false, 0)
                    .config("architectures", List.of("NobodyKnowsForCausalLM"))
                    .config("model_type", "nobody_knows")
                    .write(folder.resolve(name), "BF16");
        }

        assertThat(plan(linear("weight: 1", "weight: 1")).tasks()).hasSize(39);
    }

    @Test
    void requiredParametersAreMissedForTheFirstTensorOnly() {
        assertRefused(linear("weight: 1", ""))
                .hasMessageContaining("needs parameter 'weight' for model './b'")
                .satisfies(e -> assertThat(((MergeException) e).problems()).hasSize(1));
    }

    @Test
    void weightsThatCancelAreRefusedBeforeDividing() {
        assertRefused(linear("weight: 1", "weight: -1"))
                .hasMessageContaining("'weight' sum to 0.0")
                .hasMessageContaining("'normalize'");
    }

    @Test
    void theWrongNumberOfModelsIsSaidInWords() {
        assertRefused(
                        """
                        merge_method: model_stock
                        base_model: ./a
                        models: [{model: ./b}]
                        """)
                .hasMessageContaining("expected at least three models, base included");
    }

    @Test
    void theBaseModelComesFirstAndGivesItsFiles() {
        PlannedMerge plan =
                plan(
                        """
                        merge_method: task_arithmetic
                        base_model: ./b
                        models: [{model: ./a, parameters: {weight: 1}}]
                        """);

        assertThat(plan.donorModel().reference().path()).isEqualTo("./b");
        TensorTask task = task(plan, HEAD);
        assertThat(task.inputs().get(((Work.Merge) task.work()).base()).model()).isZero();
        assertThat(task.output().dtype()).isEqualTo(DType.F16);
    }

    @Test
    void stackedModelsOfDifferentVocabularyAreRefused() {
        TinyModel.llama(4, 48, false, 1).write(folder.resolve("b"), "BF16");

        assertRefused(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./a, layer_range: [0, 2]}]
                          - sources: [{model: ./b, layer_range: [1, 4]}]
                        """)
                .hasMessageContaining("'model.embed_tokens.weight' would be [24, 32]")
                .hasMessageContaining("'lm_head.weight' [48, 32]");
    }

    @Test
    void stackedModelsOfDifferentWidthAreRefused() {
        TinyModel.llama(4, 24, false, 1)
                .config("hidden_size", 48)
                .write(folder.resolve("b"), "BF16");

        assertRefused(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./a, layer_range: [0, 2]}]
                          - sources: [{model: ./b, layer_range: [1, 4]}]
                        """)
                .hasMessageContaining("hidden size differs")
                .hasMessageContaining("expected 32 as in './a', found 48");
    }

    @Test
    void aBadDtypeDoesNotHideAMissingParameter() {
        assertRefused(linear("weight: 1", "") + "dtype: float23\n")
                .hasMessageContaining("'float23'")
                .hasMessageContaining("needs parameter 'weight' for model './b'");
    }

    @Test
    void thePrintedPlanNamesSourcesValuesAndShards() {
        String text =
                PlanText.of(
                        new MergedModel(plan(linear("weight: 1", "weight: 3")), true)
                                .plan(PendingFiles.NONE, Optional.empty())
                                .plan(),
                        2,
                        true);

        assertThat(text)
                .contains("method    linear")
                .contains("./a (LlamaForCausalLM, 39 tensors)")
                .contains("model.safetensors\n")
                .contains("  lm_head.weight F32 [24, 32] normalize=1\n")
                .contains("    ./b: lm_head.weight F16 weight=3\n");
    }

    private static String linear(String a, String b) {
        return """
        merge_method: linear
        models:
          - {model: ./a, parameters: {%s}}
          - {model: ./b, parameters: {%s}}
        """
                .formatted(a, b);
    }

    private PlannedMerge plan(String recipe) {
        return new Planner(
                        new RecipeReader(folder).read("recipe.yml", recipe, problems).orElseThrow(),
                        new PlanOptions(
                                LocalModels.in(folder),
                                false,
                                Sharding.safetensors(5_000_000_000L),
                                0),
                        problems)
                .plan();
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(String recipe) {
        return assertThatThrownBy(() -> plan(recipe)).isInstanceOf(MergeException.class);
    }

    private static Map<String, TensorTask> byName(PlannedMerge plan) {
        return plan.tasks().stream().collect(Collectors.toMap(t -> t.output().name(), t -> t));
    }

    private static TensorTask task(PlannedMerge plan, String name) {
        return byName(plan).get(name);
    }

    private static double weight(PlannedMerge plan, String tensor, int source) {
        Work.Merge merge = (Work.Merge) task(plan, tensor).work();
        return ((Value.Number) merge.parameters().perSource().get(source).get("weight")).number();
    }
}
