package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Repository.Access;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sessions whose models are on the hub.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HubSessionTest {
    private static final Recipe STACKED =
            Recipe.merge("passthrough").layers("org/a", 0, 2).layers("org/b", 2, 4).build();

    @TempDir private Path folder;
    private HubServer server;
    private Models models;

    @BeforeEach
    void start() {
        // Larger than what is read to see their header.
        TinyModel a = TinyModel.llama(4, 2000, false, 1).write(folder.resolve("a"), "F32");
        a.tuned(2).write(folder.resolve("b"), "F32");
        server = new HubServer(folder);
        server.add("org/a", Access.PUBLIC, folder.resolve("a"));
        server.add("org/b", Access.PUBLIC, folder.resolve("b"));
        models = session();
    }

    @AfterEach
    void stop() {
        models.close();
        server.close();
    }

    private Models session() {
        Map<String, String> environment =
                Map.of(
                        "HF_ENDPOINT",
                        server.endpoint(),
                        "HF_HOME",
                        folder.resolve("home").toString(),
                        "HF_HUB_DOWNLOAD_TIMEOUT",
                        "100");
        return new Models(folder, ModelSettings.defaults(), MergeMethods.builtIn(), environment);
    }

    @Test
    void aPlanOfABranchThatMovedIsRefused() {
        String json = models.plan(STACKED).toJson();
        models.planFromJson(json);
        server.find("org/a").orElseThrow().commit("main", folder.resolve("b"));

        try (Models later = session()) {
            assertThatThrownBy(() -> later.planFromJson(json))
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("is from a different commit than the plan expects");
        }
    }

    private long wholeFiles() {
        return server.receivedByStorage().stream().filter(r -> r.range().isEmpty()).count();
    }

    @Test
    void aRunsListenerHearsOfDownloadsAndMayAskThePlanMeanwhile() {
        MergePlan plan = models.plan(STACKED);
        AtomicLong asked = new AtomicLong();
        AtomicLong came = new AtomicLong();
        Listener listener =
                new Listener() {
                    @Override
                    public void downloading(int files, long bytes) {
                        asked.set(bytes);
                    }

                    @Override
                    public void downloaded(long bytes) {
                        assertThat(plan.bytes()).isPositive();
                        assertThat(plan.text()).isNotEmpty();
                        came.addAndGet(bytes);
                    }
                };

        plan.write(Path.of("out"), RunSettings.defaults().listener(listener));
        assertThat(came).hasPositiveValue().hasValue(asked.get());
    }

    @Test
    void aRunThatWaitsForTheDownloadsOfAnotherCanBeCancelled() throws Exception {
        MergePlan plan = models.plan(STACKED);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Listener slow =
                new Listener() {
                    @Override
                    public void downloading(int files, long bytes) {
                        begun.countDown();
                        try {
                            cancelled.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };
        CompletableFuture<Void> first =
                CompletableFuture.runAsync(
                        () -> plan.write(Path.of("out"), RunSettings.defaults().listener(slow)),
                        task -> Thread.ofPlatform().start(task));
        begun.await();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(
                        () ->
                                plan.forEach(
                                        _ -> {}, RunSettings.defaults().cancellation(cancellation)),
                        task -> Thread.ofPlatform().start(task));
        cancellation.cancel();

        assertThatThrownBy(second::join).hasCauseInstanceOf(MergeCancelledException.class);
        cancelled.countDown();
        first.join();
        assertThat(folder.resolve("out")).exists();
    }

    @Test
    void placeAndDeviceAreLookedAtBeforeAnythingIsDownloaded() throws IOException {
        MergePlan plan = models.plan(STACKED);
        Files.writeString(folder.resolve("taken"), "a file");

        assertThatThrownBy(() -> plan.write(Path.of("taken")))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining("exists and is not a folder");
        assertThatThrownBy(() -> plan.write(Path.of("out"), RunSettings.defaults().device("tpu")))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining("unknown device");
        assertThatThrownBy(() -> plan.toMemory(RunSettings.defaults().device("tpu")))
                .isInstanceOf(MergeFailedException.class);
        assertThat(wholeFiles()).isZero();
    }

    @Test
    void aPartDownloadsTheFilesOfItsShardAlone() {
        MergePlan plan = models.plan(STACKED, PlanSettings.defaults().shardBytes(1));

        plan.makePart(0, Path.of("out"));
        assertThat(wholeFiles()).isEqualTo(1);
        plan.write(Path.of("out"), RunSettings.defaults().resume(true));
        assertThat(wholeFiles()).isEqualTo(2);
    }

    @Test
    void aLookUpThatFailedIsTriedAgainByTheNextPlan() {
        server.fail("GET /api/models/.*/revision/.*", Fault.status(429, "Retry-After", "3600"));

        assertThatThrownBy(() -> models.plan(STACKED)).isInstanceOf(MergeFailedException.class);
        assertThat(models.plan(STACKED).tensors()).isNotEmpty();
    }
}
