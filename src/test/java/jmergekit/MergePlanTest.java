package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs of plans: where the tensors may go, and how a run is stopped.
class MergePlanTest {
    @TempDir private Path folder;
    private Models models;
    private MergePlan plan;

    @BeforeEach
    void plan() {
        models = Door.withModels(folder).open();
        plan = models.plan(Door.ties(0.5), Door.SHARDED);
    }

    /// The data of all tensors in the shards of a folder, by name.
    private Map<String, String> written(Path output) throws Exception {
        Map<String, String> data = new TreeMap<>();
        for (String shard : plan.shards()) {
            byte[] file = Files.readAllBytes(output.resolve(shard));
            ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) buffer.getLong();
            JsonNode json = new JsonMapper().readTree(new String(file, 8, header));
            json.properties()
                    .forEach(e -> {
                        if (!e.getKey().equals("__metadata__")) {
                            JsonNode at = e.getValue().path("data_offsets");
                            int begin = 8 + header + at.path(0).asInt();
                            int end = 8 + header + at.path(1).asInt();
                            data.put(
                                    e.getKey(),
                                    e.getValue().path("dtype").asString()
                                            + e.getValue().path("shape")
                                            + HexFormat.of().formatHex(file, begin, end));
                        }
                    });
        }
        return data;
    }

    private static String text(Tensor tensor) {
        return tensor.dtype()
                + tensor.shape().toString().replace(" ", "")
                + HexFormat.of().formatHex(tensor.bytes().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void memoryAndCallbacksGetTheBytesOfTheFolder() throws Exception {
        plan.write(Path.of("out"));
        Map<String, String> files = written(folder.resolve("out"));
        Map<String, Tensor> memory = plan.toMemory();
        Map<String, String> called = new TreeMap<>();
        plan.forEach(t -> called.put(t.name(), text(t)));

        assertThat(files).hasSize(plan.tensors().size());
        assertThat(memory.keySet()).containsExactlyElementsOf(plan.tensors());
        assertThat(memory).allSatisfy((n, t) -> assertThat(text(t)).isEqualTo(files.get(n)));
        assertThat(called).isEqualTo(files);
    }

    @Test
    void aReportIsWrittenBesideTheCard() throws Exception {
        plan.write(Path.of("plain"));
        plan.write(Path.of("out"), RunSettings.defaults().report(true));

        assertThat(folder.resolve("plain/report.html")).doesNotExist();
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("Report of out", "The result compared with each parent");
        assertThat(Files.readString(folder.resolve("out/README.md"))).contains("(report.html)");
        assertThat(written(folder.resolve("out"))).isEqualTo(written(folder.resolve("plain")));
    }

    @Test
    void mergedTensorsAreThereUntilTheyAreClosed() throws Exception {
        plan.write(Path.of("out"));
        Map<String, String> files = written(folder.resolve("out"));
        MergedTensors merged = plan.merge(RunSettings.defaults());
        Map<String, Tensor> tensors = merged.byName();

        assertThat(tensors.keySet()).containsExactlyElementsOf(plan.tensors());
        assertThat(tensors).allSatisfy((n, t) -> assertThat(text(t)).isEqualTo(files.get(n)));
        merged.close();
        merged.close();
        assertThat(tensors.values())
                .allSatisfy(t ->
                        assertThatThrownBy(() -> text(t))
                                .isInstanceOf(IllegalStateException.class));
    }

    @Test
    void filesBesideTheWeightsAreThoseOfTheFolder() {
        plan.write(Path.of("out"));
        Map<String, String> all = Door.files(folder.resolve("out"));

        List<String> names = plan.writeFiles(Path.of("described"));
        Map<String, String> files = Door.files(folder.resolve("described"));

        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(files).containsKey("config.json");
        assertThat(files).allSatisfy((name, text) -> assertThat(all).containsEntry(name, text));
        assertThat(names).noneMatch(name -> name.contains("safetensors"));
    }

    @Test
    void filesBesideTheWeightsReplaceNothing() {
        plan.writeFiles(Path.of("described"));

        assertThatThrownBy(() -> plan.writeFiles(Path.of("described")))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageEndingWith("config.json: cannot be written: it already exists");
    }

    @Test
    void twoRunsAtOnceMakeTheSameBytes() {
        plan.write(Path.of("alone"));
        List<CompletableFuture<Void>> runs =
                Stream.of("left", "right")
                        .map(name ->
                                CompletableFuture.runAsync(() ->
                                        Door.open(folder)
                                                .plan(Door.ties(0.5), Door.SHARDED)
                                                .write(Path.of(name))))
                        .toList();
        runs.forEach(CompletableFuture::join);

        Map<String, String> alone = Door.files(folder.resolve("alone"));
        assertThat(Door.files(folder.resolve("left"))).isEqualTo(alone);
        assertThat(Door.files(folder.resolve("right"))).isEqualTo(alone);
    }

    @Test
    void aListenerHearsOfEachTensor() {
        AtomicInteger tensors = new AtomicInteger();
        int[] announced = {0};
        plan.write(
                Path.of("out"),
                RunSettings.defaults()
                        .listener(
                                new Listener() {
                                    @Override
                                    public void merging(int count, long bytes) {
                                        announced[0] = count;
                                    }

                                    @Override
                                    public void merged(String tensor, long bytes) {
                                        tensors.incrementAndGet();
                                    }
                                }));

        assertThat(announced[0]).isEqualTo(plan.tensors().size());
        assertThat(tensors).hasValue(plan.tensors().size());
    }

    @Test
    void aCancelledRunStopsWithinASecondAndLeavesNothing() throws Exception {
        int rows = 3000;
        TinyModel big =
                TinyModel.llama(1, 40, false, 0)
                        .with(
                                "model.layers.0.mlp.up_proj.weight",
                                List.of(rows, rows),
                                new float[rows * rows]);
        big.write(folder.resolve("big"), "F32");
        big.write(folder.resolve("bigger"), "F32");
        Recipe recipe =
                Recipe.merge("della")
                        .base("big")
                        .model("bigger", p -> p.set("weight", 1).set("density", 0.5))
                        .model("big", p -> p.set("weight", 1).set("density", 0.5))
                        .parameter("epsilon", 0.1)
                        .dtype("float32")
                        .build();
        MergePlan slow = models.plan(recipe, PlanSettings.defaults().shardBytes(20_000));
        Map<String, String> before = Door.files(folder);
        Cancellation cancellation = new Cancellation();
        AtomicLong cancelled = new AtomicLong();
        Listener afterFirstTensor =
                new Listener() {
                    @Override
                    public void merged(String tensor, long bytes) {
                        cancelled.compareAndSet(0, System.nanoTime());
                        cancellation.cancel();
                    }
                };
        RunSettings settings =
                RunSettings.defaults().cancellation(cancellation).listener(afterFirstTensor);

        assertThatThrownBy(() -> slow.write(Path.of("out"), settings))
                .isInstanceOf(MergeCancelledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - cancelled.get()))
                .isLessThan(Duration.ofSeconds(1));
        assertThat(Door.files(folder)).isEqualTo(before);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("base", "chat", "code", "big", "bigger");
        }
    }

    @Test
    void anExceptionOfTheConsumerEndsTheRun() {
        assertThatThrownBy(() ->
                        plan.forEach(_ -> {
                            throw new UnsupportedOperationException("enough");
                        }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("enough");
    }

    @Test
    void anExceptionOfTheListenerEndsTheRunAtOnce() {
        AtomicInteger tensors = new AtomicInteger();
        Listener failing =
                new Listener() {
                    @Override
                    public void merged(String tensor, long bytes) {
                        tensors.incrementAndGet();
                        throw new UnsupportedOperationException("enough");
                    }
                };

        assertThatThrownBy(() ->
                        plan.write(
                                Path.of("out"),
                                RunSettings.defaults().threads(1).listener(failing)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(tensors).hasValue(1);
    }

    @Test
    void anOutputThatIsThereIsKeptUnlessItMayBeReplaced() {
        plan.write(Path.of("out"));

        assertThatThrownBy(() -> plan.write(Path.of("out")))
                .isInstanceOfSatisfying(
                        MergeFailedException.class,
                        e ->
                                assertThat(e.problems().getFirst().kind())
                                        .isEqualTo(MergeProblem.Kind.OUTPUT));
        plan.write(Path.of("out"), RunSettings.defaults().overwrite(true));
        assertThat(folder.resolve("out").resolve("config.json")).exists();
    }

    @Test
    void anOutputMayBeInTheHomeFolder() {
        String home = System.getProperty("user.home");
        System.setProperty("user.home", folder.resolve("home").toString());
        try {
            plan.write(Path.of("~/out"));
        } finally {
            System.setProperty("user.home", home);
        }
        assertThat(folder.resolve("home/out/config.json")).exists();
    }

    @Test
    void readingWhatWasWrittenGivesAnEqualPlan() {
        MergePlan read = Door.open(folder).planFromJson(plan.toJson());

        assertThat(read).isEqualTo(plan);
        assertThat(read.hash()).isEqualTo(plan.hash());
        assertThat(read.toJson()).isEqualTo(plan.toJson());
        assertThat(read.text()).isEqualTo(plan.text());
    }

    @Test
    void aPlanOfOtherFilesIsRefused() throws Exception {
        String json = plan.toJson();
        Path weights = folder.resolve("chat").resolve("model.safetensors");
        try (FileChannel file = FileChannel.open(weights, java.nio.file.StandardOpenOption.WRITE)) {
            // A letter of the name of the first tensor.
            byte[] head = Files.readAllBytes(weights);
            int at =
                    new String(head, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("embed");
            file.write(ByteBuffer.wrap(new byte[] {'E'}), at);
        }

        assertThatThrownBy(() -> models.planFromJson(json))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining("holds different tensors from those in the plan");
        assertThatThrownBy(() -> models.planFromJson("{}"))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining("jmergekit-plan");
    }
}
