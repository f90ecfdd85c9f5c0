package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.RecipeReader;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.PlanRuns;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.Planner;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recipe cannot bring about what is refused here, so the finished folders are made by hand.
class FinishedModelTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("a", "b")).write(folder.resolve("A"));
        TinyModel.llama(1, 2, false, 0).write(folder.resolve("A"), "F32");
        TinyTokenizer.of(List.of("b", "a", "c")).write(folder.resolve("B"));
        TinyModel.llama(1, 3, false, 0).write(folder.resolve("B"), "F32");
    }

    @Test
    void aModelWhosePartsAgreeIsFine() throws IOException {
        FinishedModel.check(plan().plan(), finished(3, 3, 3));
    }

    @Test
    void rowsThatWereNotPlannedAreADefect() throws IOException {
        Path short1 = finished(2, 3, 3);

        assertThatThrownBy(() -> FinishedModel.check(plan().plan(), short1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is [2, 32], with 3 rows planned");
    }

    @Test
    void anotherVocabularySizeIsADefect() throws IOException {
        Path wrong = finished(3, 4, 3);

        assertThatThrownBy(() -> FinishedModel.check(plan().plan(), wrong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vocab_size in config.json is 4, with 3 rows planned");
    }

    @Test
    void aTokenBeyondTheLastRowIsADefect() throws IOException {
        Path wrong = finished(3, 3, 4);

        assertThatThrownBy(() -> FinishedModel.check(plan().plan(), wrong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("largest id is 3, with 3 rows planned");
    }

    @Test
    void aDefectiveFolderIsNotPublished() throws IOException {
        Path out = folder.resolve("out");
        BoundPlan plan = plan();
        List<PlannedFile> wrong = new ArrayList<>(plan.plan().files());
        wrong.set(wrong.size() - 1, new PlannedFile.Text("config.json", "{\"vocab_size\": 7}"));
        BoundPlan defective =
                plan.with(
                        new Plan(
                                plan.plan().models(),
                                plan.plan().tasks(),
                                plan.plan().shards(),
                                wrong,
                                List.of(),
                                plan.plan().vocabularyRows(),
                                Map.of(),
                                plan.plan().listing()));

        assertThatThrownBy(() ->
                        PlanRuns.writeReviewed(
                                defective,
                                OutputPlace.of(out, false, false),
                                new NumberReview(false)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(out).doesNotExist();
    }

    private Path finished(int rows, int vocabularySize, int tokens) {
        Path finished = folder.resolve("finished");
        TinyTokenizer.of(List.of("a", "b", "c", "d").subList(0, tokens)).write(finished);
        TinyModel.llama(1, rows, false, 0)
                .config("vocab_size", vocabularySize)
                .write(finished, "F32");
        return finished;
    }

    private BoundPlan plan() throws IOException {
        Path recipe = folder.resolve("recipe.yml");
        Files.writeString(
                recipe,
                """
                merge_method: linear
                models: [{model: ./A}, {model: ./B}]
                parameters: {weight: 1}
                tokenizer: {source: union}
                """);
        Problems problems = new Problems();
        PlannedMerge merge =
                new Planner(
                                new RecipeReader(folder)
                                        .read(recipe, "recipe.yml", problems)
                                        .orElseThrow(),
                                new PlanOptions(
                                        LocalModels.in(folder),
                                        false,
                                        Sharding.safetensors(Long.MAX_VALUE),
                                        0),
                                problems)
                        .plan();
        return new MergedModel(merge, true).plan(PendingFiles.NONE, Optional.empty());
    }
}
