package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import jmergekit.fixture.MergeFolder;
import jmergekit.method.Parameters;
import jmergekit.method.Value;
import jmergekit.model.InputFile;
import jmergekit.plan.Plan;
import jmergekit.plan.PlanJson;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Plans whose JSON was written by somebody else, with a hash that fits.
class SavedPlanTest {
    private static final Recipe MEAN =
            Recipe.merge("linear")
                    .model("base", p -> p.set("weight", 1))
                    .model("chat", p -> p.set("weight", 1))
                    .build();

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        Door.withModels(folder);
    }

    private void assertRefused(String json, String... words) {
        try (Models models = Door.open(folder)) {
            assertThatThrownBy(() -> models.planFromJson(json))
                    .isInstanceOf(MergeFailedException.class)
                    .satisfies(e -> assertThat(e).message().contains(words));
        }
    }

    private String json(Recipe recipe, UnaryOperator<Plan> change) {
        try (Models models = Door.open(folder)) {
            byte[] json = models.plan(recipe).toJson().getBytes(StandardCharsets.UTF_8);
            return Models.json(change.apply(PlanJson.read(json, "plan")));
        }
    }

    private static Plan with(Plan plan, List<TensorTask> tasks, List<PlannedFile> files) {
        return new Plan(
                plan.models(),
                tasks,
                plan.shards(),
                files,
                plan.cards(),
                plan.vocabularyRows(),
                plan.computed(),
                plan.listing());
    }

    private String copying(String from, String path, long bytes) {
        return json(
                MEAN,
                plan -> {
                    List<PlannedFile> files = new ArrayList<>(plan.files());
                    files.addFirst(new PlannedFile.Copy("stolen.txt", from, path, bytes));
                    return with(plan, plan.tasks(), files);
                });
    }

    private String working(UnaryOperator<Work.Merge> change) {
        return json(
                MEAN,
                plan ->
                        with(
                                plan,
                                plan.tasks().stream()
                                        .map(t ->
                                                t.work() instanceof Work.Merge merge
                                                        ? new TensorTask(
                                                                t.output(),
                                                                t.inputs(),
                                                                change.apply(merge))
                                                        : t)
                                        .toList(),
                                plan.files()));
    }

    @Test
    void aFileThatIsCopiedFromNoModelIsRefused() throws Exception {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        Files.writeString(keys.resolve("id_rsa"), "secret");

        assertRefused(copying("./keys", "id_rsa", 6), "is not copied from models", "id_rsa");
        assertRefused(copying("./keys", "deep/a.txt", 6), "is not copied from models");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkOutOfAFolderIsRefused() throws Exception {
        Files.writeString(folder.resolve("secret"), "secret");
        String json = copying("base", "LICENSE", 6);
        Files.createSymbolicLink(folder.resolve("base/LICENSE"), folder.resolve("secret"));

        assertRefused(json, "leads out of the model's folder");
    }

    @Test
    void aFolderThatNoSystemHasIsRefused() {
        assertRefused(
                copying("a\0b", "a.txt", 6), "names a file whose name is invalid on this system");
    }

    @Test
    void aFileInNoFormatOfWeightsIsRefused() {
        String json =
                json(
                        MEAN,
                        plan ->
                                with(
                                        plan,
                                        plan.tasks().stream().map(SavedPlanTest::ofText).toList(),
                                        plan.files()));

        assertRefused(json, "names a weight file of unknown format", "model.txt");
    }

    private static TensorTask ofText(TensorTask task) {
        return new TensorTask(
                task.output(),
                task.inputs().stream()
                        .map(i -> i.map(s -> s.mapRoot(SavedPlanTest::ofText)))
                        .toList(),
                task.work());
    }

    private static Source ofText(Source source) {
        if (!(source instanceof Source.Stored(InputFile file, var entry))) {
            return source;
        }
        return new Source.Stored(
                new InputFile(
                        file.folder(), "model.txt", file.bytes(), file.header(), file.commit()),
                entry);
    }

    @Test
    void aMethodThatDoesNotExistIsRefused() {
        assertRefused(
                working(m ->
                        new Work.Merge("nope", m.base(), m.parameters(), m.seed(), m.memory())),
                "there is no merge method 'nope'",
                "linear");
    }

    @Test
    void valuesThatMakeNoSenseToTheMethodAreRefused() {
        Map<String, Value> none = Map.of("weight", Value.of(0));
        assertRefused(
                working(m ->
                        new Work.Merge(
                                m.method(),
                                m.base(),
                                new Parameters(m.parameters().global(), List.of(none, none)),
                                m.seed(),
                                m.memory())),
                "the values of 'weight' sum to 0.0");
        assertRefused(
                working(m ->
                        new Work.Merge(
                                m.method(),
                                m.base(),
                                new Parameters(Map.of(), List.of(none, none)),
                                m.seed(),
                                m.memory())),
                "parameter 'normalize' of merge method 'linear' has no value");
        Map<String, Value> words = Map.of("weight", Value.of("much"));
        assertRefused(
                working(m ->
                        new Work.Merge(
                                m.method(),
                                m.base(),
                                new Parameters(m.parameters().global(), List.of(words, words)),
                                m.seed(),
                                m.memory())),
                "parameter 'weight' of merge method 'linear' has no value that is any number");
    }

    @Test
    void aMixtureWithoutItsGatesIsRefused() throws Exception {
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

        assertRefused(
                json(recipe, plan -> plan.withComputed(Map.of())),
                "lacks values that are computed at run time",
                "MergePlan.toJson()");
    }
}
