package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TorchFile;
import jmergekit.fixture.s3.MemoryStore;
import jmergekit.method.MergeMethods;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.remote.StoreModels;
import jmergekit.s3.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sessions whose models are in an object store.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreSessionTest {
    private static final String BUCKET = "s3://bucket/models/";

    @TempDir private Path folder;
    private final MemoryStore store = new MemoryStore();
    private Models models;

    @BeforeEach
    void start() {
        Door.withModels(folder);
        MergeFolder.plain(40).write(folder.resolve("base"));
        for (String name : List.of("base", "chat", "code")) {
            store.withFolder(BUCKET + name, folder.resolve(name));
        }
        models = session();
    }

    @AfterEach
    void stop() {
        models.close();
    }

    private Path cache() {
        return folder.resolve("cache");
    }

    private Models session() {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put("JMERGEKIT_CACHE", cache().toString());
        return new Models(
                folder,
                ModelSettings.defaults(),
                MergeMethods::builtIn,
                environment,
                new StoreModels(new Stores(() -> store), environment, folder));
    }

    private static Recipe ties(String prefix) {
        return Recipe.merge("ties")
                .base(prefix + "base")
                .model(prefix + "chat", p -> p.set("weight", 1).set("density", 0.5))
                .model(prefix + "code", p -> p.set("weight", 0.6).set("density", 0.5))
                .dtype("bfloat16")
                .build();
    }

    @Test
    void theOutputIsThatOfModelsOnDisk() {
        MergePlan remote = models.plan(ties(BUCKET), Door.SHARDED);
        MergePlan local = models.plan(ties(""), Door.SHARDED);
        remote.write(folder.resolve("remote"));
        local.write(folder.resolve("local"));

        Map<String, String> expected = Door.files(folder.resolve("local"));
        Map<String, String> written = Door.files(folder.resolve("remote"));
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        expected.keySet().removeIf(f -> f.matches("README.md|.*\\.yml|\\..*"));
        assertThat(written).containsAllEntriesOf(expected);
        assertThat(expected)
                .containsKeys("tokenizer.json", "config.json", "model.safetensors.index.json");
        assertThat(remote.hash()).isEqualTo(local.hash());
    }

    @Test
    void thePlanReadsHeadersAndNoTensors() {
        TinyModel.llama(4, 20_000, false, 1).write(folder.resolve("large"), "F32");
        store.withFolder(BUCKET + "large", folder.resolve("large"));

        models.plan(Recipe.merge("passthrough").model(BUCKET + "large").build());

        assertThat(store.reads())
                .filteredOn(r -> r.object().key().endsWith(".safetensors"))
                .allSatisfy(r -> assertThat(r.end()).isEqualTo(128 << 10))
                .hasSize(1);
    }

    @Test
    void adaptersComeFromStoresToo() throws IOException {
        new TinyAdapter(2, 4)
                .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(folder.resolve("adapter"), "F32");
        store.withFolder(BUCKET + "adapter", folder.resolve("adapter"));

        models.plan(withAdapter(BUCKET)).write(folder.resolve("remote"));
        models.plan(withAdapter("")).write(folder.resolve("local"));

        assertThat(folder.resolve("remote/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("local/model.safetensors"));
    }

    private static Recipe withAdapter(String prefix) {
        return Recipe.merge("passthrough").model(prefix + "base+" + prefix + "adapter").build();
    }

    @Test
    void weightsThatShowTheirTensorsOnlyAsAWholeAreFetched() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.copy(folder.resolve("base/config.json"), bin.resolve("config.json"));
        new TorchFile(TinyModel.read(folder.resolve("base")), false)
                .writeZip(bin.resolve("pytorch_model.bin"));
        store.withFolder(BUCKET + "bin", bin);

        models.plan(Recipe.merge("passthrough").model(BUCKET + "bin").build())
                .write(folder.resolve("remote"));

        assertThat(TinyModel.read(folder.resolve("remote")))
                .usingRecursiveComparison()
                .isEqualTo(TinyModel.read(folder.resolve("base")));
    }

    @Test
    void aSavedPlanFindsItsModelsAgain() {
        String json = models.plan(ties(BUCKET)).toJson();

        assertThat(json).contains("\"s3://bucket/models/chat\"");
        try (Models later = session()) {
            later.planFromJson(json).write(folder.resolve("later"));
        }
        models.plan(ties("")).write(folder.resolve("local"));
        assertThat(folder.resolve("later/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("local/model.safetensors"));
    }

    @Test
    void anObjectThatChangesAfterThePlanIsRefused() {
        MergePlan plan = models.plan(ties(BUCKET));
        String path = BUCKET + "code/model.safetensors";
        store.with(path, store.content(path));

        assertThatThrownBy(() -> plan.write(folder.resolve("out")))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining(path + ": changed after its header was read");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void namesThatLeadOutOfTheFolderAreIgnored() {
        store.with(BUCKET + "chat/../../evil.json", new byte[1])
                .with(BUCKET + "chat//evil.json", new byte[1])
                .with(BUCKET + "chat/a\\b.json", new byte[1])
                .with(BUCKET + "chat/\u0007.json", new byte[1])
                .with(BUCKET + "chat/folder/", new byte[0]);

        MergePlan plan = models.plan(ties(BUCKET));

        assertThat(plan.warnings())
                .anySatisfy(w -> assertThat(w.toString()).contains("could lead out of its folder"));
        assertThat(folder).isDirectoryRecursivelyContaining("glob:**chat/config.json");
        assertThat(folder).isDirectoryNotContaining("glob:**evil.json");
    }

    @Test
    void aHeaderThatIsNoneIsRefusedByItsName() {
        store.with(BUCKET + "chat/model.safetensors", new byte[] {1, 2, 3});

        assertThatThrownBy(() -> models.plan(ties(BUCKET)))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining(BUCKET + "chat/model.safetensors: has 3 bytes");
    }

    @Test
    void whatIsNoModelIsToldByItsPath() {
        assertRefused(BUCKET + "none", "s3://bucket/models/none: the store has no objects there");
        assertRefused(BUCKET + "base/config.json", "is an object, not the folder of a model");
        assertRefused(BUCKET + "base@main", "objects in a store have no revisions");
        assertRefused("s3://b/x", "not a valid name of a bucket");
        assertRefused("s3://bucket/a/../b", "not a key that can be used as a file path");
        assertRefused("s3://nowhere/base", "there is no such bucket");
    }

    private void assertRefused(String model, String message) {
        Recipe recipe = Recipe.merge("passthrough").model(model).build();
        assertThatThrownBy(() -> models.plan(recipe))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theCacheIsGoneWithTheSession() {
        models.plan(ties(BUCKET)).toMemory();
        assertThat(cache()).isNotEmptyDirectory();

        models.close();

        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void aClosedSessionIsToldAndMakesNoFiles() {
        MergePlan plan = models.plan(ties(BUCKET));
        MergePlan local = models.plan(ties(""));
        models.close();

        assertThatThrownBy(() -> plan.write(folder.resolve("out")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the session is closed");
        assertThatThrownBy(() -> local.write(Path.of(BUCKET + "out")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the session is closed");
        local.write(folder.resolve("local"));
        assertThat(cache()).isEmptyDirectory();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aHeaderThatCouldNotBeHadIsAskedForAgainByTheNextPlan() {
        store.setObstacle(read -> {
            if (read.object().key().endsWith(".safetensors")) {
                throw new MergeException(Problem.input(read.object().toString(), "no answer"));
            }
        });
        assertThatThrownBy(() -> models.plan(ties(BUCKET))).hasMessageContaining("no answer");

        store.setObstacle(_ -> {});

        assertThat(models.plan(ties(BUCKET)).hash()).isEqualTo(models.plan(ties("")).hash());
    }

    @Test
    void plansAtTheSameTimeFetchAWholeFileOnce() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.copy(folder.resolve("base/config.json"), bin.resolve("config.json"));
        new TorchFile(TinyModel.read(folder.resolve("base")), false)
                .writeZip(bin.resolve("pytorch_model.bin"));
        store.withFolder(BUCKET + "bin", bin);
        Recipe recipe = Recipe.merge("passthrough").model(BUCKET + "bin").build();

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<MergePlan>> plans =
                    threads.invokeAll(Collections.nCopies(4, () -> models.plan(recipe)));
            for (Future<MergePlan> plan : plans) {
                assertThat(plan.get().tensors()).isNotEmpty();
            }
        }

        assertThat(store.reads()).filteredOn(r -> r.object().key().endsWith(".bin")).hasSize(1);
    }
}
