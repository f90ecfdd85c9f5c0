package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
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
