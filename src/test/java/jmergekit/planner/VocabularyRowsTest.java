package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyRowsTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("a", "b")).write(folder.resolve("A"));
        TinyModel.llama(1, 2, false, 0).write(folder.resolve("A"), "F32");
        TinyTokenizer.of(List.of("b", "a", "c")).write(folder.resolve("B"));
        TinyModel.llama(1, 3, true, 0).write(folder.resolve("B"), "F32");
    }

    @Test
    void aModelThatOnlyLendsRowsIsReadToo() throws IOException {
        PlannedMerge plan = plan("source: base");

        Source source = task(plan, EMBEDDINGS).sources().getFirst();
        assertThat(task(plan, EMBEDDINGS).sources()).hasSize(1);
        assertThat(source.shape().dimensions()).containsExactly(3L, 32L);
        assertThat(((Source.Remapped) source).others()).containsOnlyKeys(0);
        assertThat(source.stored().map(t -> t.file().folder()))
                .containsExactlyInAnyOrder("./A", "./B");
    }

    @Test
    void rowsOfATiedModelComeFromItsEmbeddings() throws IOException {
        Source head = task(plan("source: base"), "lm_head.weight").sources().getFirst();

        assertThat(((Source.Remapped) head).others().get(0).spec().name()).isEqualTo(EMBEDDINGS);
    }

    @Test
    void tensorsOfOtherKindsKeepTheirRows() throws IOException {
        PlannedMerge plan = plan("source: base");

        assertThat(task(plan, "model.norm.weight").sources().getFirst())
                .isInstanceOf(Source.Stored.class);
        assertThat(
                        plan.tasks().stream()
                                .filter(t -> t.sources().getFirst() instanceof Source.Remapped))
                .hasSize(2);
    }

    @Test
    void aVocabularyThatIsTheModelsOwnLeavesItsRowsAlone() throws IOException {
        assertThat(task(plan("source: ./A"), EMBEDDINGS).sources().getFirst())
                .isInstanceOf(Source.Stored.class);
    }

    private static TensorTask task(PlannedMerge plan, String tensor) {
        return plan.tasks().stream()
                .filter(t -> t.output().name().equals(tensor))
                .findFirst()
                .orElseThrow();
    }

    /// Layers of A alone, with B as the base model.
    private PlannedMerge plan(String tokenizer) throws IOException {
        Path recipe = folder.resolve("recipe.yml");
        Files.writeString(
                recipe,
                """
                merge_method: passthrough
                base_model: ./B
                slices:
                  - sources: [{model: ./A, layer_range: [0, 1]}]
                tokenizer: {%s}
                """
                        .formatted(tokenizer));
        Problems problems = new Problems();
        return new Planner(
                        new RecipeReader(folder).read(recipe, "recipe.yml", problems).orElseThrow(),
                        new PlanOptions(
                                LocalModels.in(folder),
                                false,
                                Sharding.safetensors(Long.MAX_VALUE),
                                0),
                        problems)
                .plan();
    }
}
