package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.PolarMerge;
import jmergekit.fixture.TinyAdapter;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions: what they read, and what they refuse.
class ModelsTest {
    private static final int PLANS = 100;

    @TempDir private Path folder;

    @Test
    void aHundredPlansReadEachHeaderOnce() throws Exception {
        Door door = Door.withModels(folder);
        try (Models models = door.open()) {
            models.plan(Door.ties(0));
            for (String model : new String[] {"base", "chat", "code"}) {
                Files.delete(folder.resolve(model).resolve("model.safetensors"));
            }
            Set<String> hashes = new HashSet<>();
            long start = System.nanoTime();
            for (int i = 1; i <= PLANS; i++) {
                hashes.add(models.plan(Door.ties(i / 100.0)).hash());
            }
            System.out.printf("%.2f ms per plan%n", (System.nanoTime() - start) / 1e6 / PLANS);

            assertThat(hashes).hasSize(PLANS);
        }
    }

    @Test
    void anAdapterThatIsMergedWithOthersIsOpenedOnce() throws Exception {
        for (String name : new String[] {"left", "right"}) {
            new TinyAdapter(2, 4)
                    .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                    .write(folder.resolve(name), "F32");
        }
        try (Models models = Door.open(folder)) {
            MergePlan first = models.plan(ofAdapters(0.25));
            Files.delete(folder.resolve("left").resolve("adapter_model.safetensors"));

            assertThat(models.plan(ofAdapters(0.5)).tensors()).isEqualTo(first.tensors());
            assertThat(models.plan(ofAdapters(0.25))).isEqualTo(first);
        }
    }

    private static Recipe ofAdapters(double weight) {
        return Recipe.merge("linear")
                .model("left", p -> p.set("weight", weight))
                .model("right", p -> p.set("weight", 0.5))
                .build();
    }

    @Test
    void plansMadeAtTheSameTimeAreThoseMadeOneAfterTheOther() {
        Door door = Door.withModels(folder);
        try (Models models = door.open();
                Models others = door.open()) {
            assertThat(
                            IntStream.range(0, 16)
                                    .parallel()
                                    .mapToObj(i -> models.plan(Door.ties(i)))
                                    .toList())
                    .isEqualTo(
                            IntStream.range(0, 16)
                                    .mapToObj(i -> others.plan(Door.ties(i)))
                                    .toList());
        }
    }

    @Test
    void aRecipeIsRefusedWithAllThatIsWrong() {
        Door door = Door.withModels(folder);
        Recipe recipe = Recipe.parse("merge_method: tise\nmodels:\n  - model: chta\n");
        try (Models models = door.open()) {
            assertThatThrownBy(() -> models.plan(recipe))
                    .isInstanceOfSatisfying(
                            MergeFailedException.class,
                            e ->
                                    assertThat(e.problems())
                                            .extracting(p -> p.line().orElse(0), MergeProblem::kind)
                                            .contains(
                                                    org.assertj.core.groups.Tuple.tuple(
                                                            1, MergeProblem.Kind.RECIPE))
                                            .hasSizeGreaterThan(1));
        }
    }

    @Test
    void aMixtureIsToldByItsContent() {
        Door door = Door.withModels(folder);
        Recipe recipe =
                Recipe.parse(
                        """
                        base_model: base
                        gate_mode: random
                        experts:
                          - source_model: chat
                          - source_model: code
                        """);
        try (Models models = door.open()) {
            assertThat(models.plan(recipe).tensors())
                    .contains("model.layers.0.block_sparse_moe.gate.weight");
        }
    }

    @Test
    void aMixtureAsJsonHasItsGates() throws Exception {
        MergeFolder models = new MergeFolder(folder);
        models.model("a", 8, MergeFolder.plain(8), 0);
        models.model("b", 8, MergeFolder.plain(8), 1);
        Recipe recipe =
                Recipe.parse(
                        """
                        base_model: a
                        gate_mode: cheap_embed
                        dtype: float32
                        experts:
                          - {source_model: a, positive_prompts: [t1 t2]}
                          - {source_model: b, positive_prompts: [t3]}
                        """);
        try (Models session = Door.open(folder);
                Models other = Door.open(folder)) {
            MergePlan plan = session.plan(recipe);
            int hashCode = plan.hashCode();
            plan.write(Path.of("out"));
            assertThat(plan).isEqualTo(session.plan(recipe)).hasSameHashCodeAs(hashCode);
            MergePlan read = other.planFromJson(session.plan(recipe).toJson());
            read.write(Path.of("again"));

            assertThat(read.hash()).isEqualTo(plan.hash());
            assertThat(Door.files(folder.resolve("again")))
                    .isEqualTo(Door.files(folder.resolve("out")));
        }
    }

    @Test
    void methodsOfATestAreMethodsOfItsSession() {
        Door.withModels(folder);
        ModelSettings settings = ModelSettings.defaults().offline(true);
        MergeMethods methods = MergeMethods.builtIn().with(new PolarMerge());
        String name = new PolarMerge().info().name();
        Recipe recipe = Recipe.merge(name).base("base").model("chat").model("code").build();
        try (Models models = new Models(folder, settings, methods);
                Models usual = Door.open(folder)) {
            MergePlan plan = models.plan(recipe);

            assertThat(plan.toMemory()).hasSize(plan.tensors().size());
            assertThatThrownBy(() -> usual.planFromJson(plan.toJson()).toMemory())
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("there is no merge method '" + name + "'");
        }
    }

    @Test
    void aRunAfterAnInputChangedIsRefused() throws Exception {
        Door door = Door.withModels(folder);
        try (Models models = door.open()) {
            MergePlan plan = models.plan(Door.ties(1));
            Path weights = folder.resolve("chat").resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(weights);
            bytes[bytes.length - 1] ^= 1;
            Files.delete(weights);
            Files.write(weights, bytes);

            assertThatThrownBy(() -> plan.write(Path.of("out")))
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("changed while it was in use");
            assertThatThrownBy(plan::toMemory)
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("changed while it was in use");
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }
}
