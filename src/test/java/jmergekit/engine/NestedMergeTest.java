package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelReference;
import jmergekit.output.OutputConfig;
import jmergekit.plan.PlanJson;
import jmergekit.planner.OpenedModels;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.problem.MergeException;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recipe inside a recipe inside a recipe gives what the three give one after the other.
class NestedMergeTest {
    private static final String INNERMOST =
            """
            merge_method: slerp
            base_model: ./a
            models: [{model: ./a}, {model: ./b}]
            parameters: {t: 0.3}
            dtype: float32
            """;

    private static final String INNER =
            """
            merge_method: della
            base_model: ./a
            models:
              - model: %s
                parameters: {weight: 0.6, density: 0.5}
              - model: ./c
                parameters: {weight: 0.4, density: 0.7}
            dtype: float32
            """;

    private static final String OUTER =
            """
            merge_method: passthrough
            slices:
              - sources: [{model: %s, layer_range: [0, 2]}]
              - sources: [{model: %s, layer_range: [1, 3]}]
              - sources: [{model: ./a, layer_range: [2, 3]}]
            dtype: float32
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("a"));
        TinyModel.llama(3, 16, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(3, 16, false, 0).tuned(1).write(folder.resolve("b"), "F32");
        TinyModel.llama(3, 16, false, 0).tuned(2).write(folder.resolve("c"), "BF16");
    }

    private PlanOptions options(OpenedModels opened) {
        return new PlanOptions(
                LocalModels.in(folder),
                opened,
                MergeMethods.builtIn(),
                false,
                Sharding.safetensors(60_000),
                7);
    }

    private BoundPlan nested() {
        OpenedModels opened = new OpenedModels();
        PlannedMerge innermost = PlanRuns.merge(folder, INNERMOST, options(opened));
        opened.nest(ModelReference.of("step1"), innermost, OutputConfig.json(innermost));
        PlannedMerge inner = PlanRuns.merge(folder, INNER.formatted("step1"), options(opened));
        opened.nest(ModelReference.of("step2"), inner, OutputConfig.json(inner));
        return PlanRuns.bound(
                PlanRuns.merge(folder, OUTER.formatted("step2", "step2"), options(opened)));
    }

    private BoundPlan steps() {
        step(INNERMOST, "step1");
        step(INNER.formatted("./step1"), "step2");
        return PlanRuns.bound(
                PlanRuns.merge(
                        folder,
                        OUTER.formatted("./step2", "./step2"),
                        options(new OpenedModels())));
    }

    private void step(String recipe, String output) {
        PlannedMerge merge = PlanRuns.merge(folder, recipe, options(new OpenedModels()));
        write(PlanRuns.bound(merge), output);
    }

    private void write(BoundPlan plan, String output) {
        PlanRuns.write(
                plan,
                OutputPlace.of(folder.resolve(output), false, false),
                2,
                MergeMethods.builtIn(),
                (_, _) -> {});
    }

    @Test
    void threeLevelsGiveTheBytesOfThreeSteps() throws IOException {
        write(steps(), "stepwise");
        write(nested(), "at-once");

        for (String file : files("stepwise")) {
            assertThat(folder.resolve("at-once").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("stepwise").resolve(file));
        }
        assertThat(files("at-once")).isEqualTo(files("stepwise"));
    }

    private List<String> files(String output) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(output))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> !f.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void noModelIsOnTheDiskBetween() throws IOException {
        BoundPlan plan = nested();
        PlanRuns.write(
                plan,
                OutputPlace.of(folder.resolve("at-once"), false, false),
                (_, _) -> assertThat(folder.resolve("step1")).doesNotExist());

        assertThat(plan.plan().folders()).containsExactlyInAnyOrder("./a", "./b", "./c");
        assertThat(plan.plan().scratchOfThread()).isZero();
        assertThat(plan.plan().memoryOfThread()).isGreaterThan(steps().plan().memoryOfThread());
    }

    @Test
    void aNestedPlanIsReadBackFromJson() throws IOException {
        BoundPlan plan = nested();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            PlanJson.write(plan.plan(), out);

            assertThat(PlanJson.read(out.toByteArray(), "plan.json")).isEqualTo(plan.plan());
        }
    }

    @Test
    void aTokenizerOfAnInnerRecipeIsRefused() {
        OpenedModels opened = new OpenedModels();
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("b"));
        PlannedMerge inner =
                PlanRuns.merge(
                        folder,
                        """
                        merge_method: linear
                        models: [{model: ./a}, {model: ./b}]
                        parameters: {weight: 1}
                        tokenizer: {source: union}
                        """,
                        options(opened));

        assertThatThrownBy(() ->
                        opened.nest(ModelReference.of("inner"), inner, OutputConfig.json(inner)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("cannot make a tokenizer");
    }
}
