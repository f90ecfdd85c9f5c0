package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletenessTest {
    private static final String WHOLE =
            "merge_method: linear\nmodels:\n"
                    + "- {model: ./a, parameters: {weight: 1}}\n"
                    + "- {model: ./b, parameters: {weight: 1}}\n";
    private static final String STACK =
            "merge_method: passthrough\nslices:\n"
                    + "- sources: [{model: ./a, layer_range: [0, 2]}]\n"
                    + "- sources: [{model: ./a, layer_range: [1, 3]}]\n";

    @TempDir private Path folder;
    private final Problems problems = new Problems();

    @BeforeEach
    void writeModels() {
        TinyModel.llama(4, 24, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(4, 24, false, 1).write(folder.resolve("b"), "F32");
    }

    @Test
    void aPlanThatUsesAllIsComplete() {
        assertThat(check(WHOLE, task -> true, name -> true)).isEmpty();
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void layersOutsideTheRangesAreLeftOutByGroups() {
        List<LeftOut> leftOut = check(STACK, task -> true, name -> true);

        assertThat(problems.all()).isEmpty();
        assertThat(leftOut).hasSize(1);
        assertThat(leftOut.getFirst().reason()).isEqualTo(LeftOut.Reason.LAYERS);
        assertThat(leftOut.getFirst().forms()).containsExactly("model.layers.3.*");
        assertThat(leftOut.getFirst().names()).hasSize(9);
    }

    @Test
    void aTensorThatNoTaskReadsIsAnErrorThatNamesIt() {
        check(WHOLE, task -> !task.output().name().contains("layers.2.mlp"), name -> true);

        assertThat(problems.all()).extracting(Problem::where).contains("./a", "./b");
        assertThat(problems.all().getFirst().toString())
                .contains("the plan does not use all of its tensors")
                .contains("3: model.layers.2.mlp.gate_proj.weight, ");
    }

    // Each layer of the stack is needed, not only one use of each tensor.
    @Test
    void aLayerThatIsWrittenOnceOfTwiceIsAnError() {
        check(STACK, task -> !task.output().name().startsWith("model.layers.2."), name -> true);

        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().getFirst().toString())
                .contains("the output would lack tensors it has")
                .contains("9: model.layers.2.self_attn.q_proj.weight");
    }

    // What structure believes is not asked: a stack that it does not know is missed all the same.
    @Test
    void tensorsThatStructureForgetsAreMissed() {
        check(WHOLE, task -> !task.output().name().startsWith("model.norm"), this::isNoNorm);

        assertThat(problems.all()).isNotEmpty();
        assertThat(problems.all().getFirst().toString()).contains("model.norm.weight");
    }

    @Test
    void aModuleMayBeTakenFromOneModelAlone() {
        for (int m = 0; m < 2; m++) {
            TinyModel.of("Two", "two")
                    .with("encoder.layers.0.w", List.of(2), new float[] {1, m})
                    .with("decoder.layers.0.w", List.of(2), new float[] {2, m})
                    .write(folder.resolve("two" + m), "F32");
        }

        List<LeftOut> leftOut =
                check(
                        """
                        merge_method: passthrough
                        modules:
                          encoder: {models: [{model: ./two0}]}
                          decoder: {models: [{model: ./two1}]}
                        """,
                        task -> true,
                        name -> true);

        assertThat(problems.hasErrors()).isFalse();
        assertThat(leftOut)
                .extracting(LeftOut::reason)
                .containsExactly(LeftOut.Reason.OTHER_MODELS, LeftOut.Reason.OTHER_MODELS);
    }

    private boolean isNoNorm(String name) {
        return !name.startsWith("model.norm");
    }

    // Plans, takes some tasks away, and checks what is left.
    private List<LeftOut> check(
            String recipe, Predicate<TensorTask> kept, Predicate<String> known) {
        MergeConfig config =
                new RecipeReader(folder).read("recipe.yml", recipe, problems).orElseThrow();
        PlanOptions options =
                new PlanOptions(LocalModels.in(folder), false, Sharding.safetensors(1L << 40), 42);
        PlannedMerge plan = new Planner(config, options, problems).plan();
        InputModels models = InputModels.open(References.all(config), options, problems, problems);
        Set<String> names = new HashSet<>();
        models.inOrder().forEach(m -> names.addAll(m.tensors().keySet()));
        names.removeIf(n -> !known.test(n));
        Structure structure = Structure.infer(models.inOrder().getFirst().folder().config(), names);
        List<PlannedModule> modules =
                new SlicePlanner(config, Optional.of(plan.method().info()), models, problems)
                        .modules();
        Map<String, Integer> depths = new HashMap<>();
        modules.forEach(m -> m.stack().ifPresent(s -> depths.put(s.prefix(), m.depth())));
        Stream<TensorTask> tasks = plan.tasks().stream().filter(kept);
        return new Completeness(
                        models.inOrder(),
                        modules,
                        new LeftOutReasons(config, structure, modules, Map.of()),
                        depths,
                        tasks.toList(),
                        Set.of())
                .check(problems);
    }
}
