package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A plan goes as JSON into other processes, each of which makes one shard.
class PartsTest {
    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final String Q = "model.layers.0.self_attn.q_proj";

    @TempDir private Path folder;

    /// Makes the shard of a number, or what is left without one.
    static final class Part {
        private Part() {}

        public static void main(String[] args) throws Exception {
            Path here = Path.of("").toAbsolutePath();
            try (Models models = Door.open(here)) {
                MergePlan plan = models.planFromJson(Files.readString(here.resolve("plan.json")));
                if (args.length == 0) {
                    plan.write(Path.of("parts"), RunSettings.defaults().resume(true));
                } else if (!plan.makePart(Integer.parseInt(args[0]), Path.of("parts"))) {
                    throw new IllegalStateException("it was made before");
                }
            }
        }
    }

    private void part(String... number) throws Exception {
        Cli.Result result =
                JavaProcess.run(
                        folder, Map.of(), List.of("-XX:TieredStopAtLevel=1"), Part.class, number);
        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void processesThatBeginAtOnceAreNotRefused() throws Exception {
        Door.withModels(folder);
        try (Models models = Door.open(folder)) {
            MergePlan plan = models.plan(Door.ties(0.5), Door.SHARDED);
            Files.writeString(folder.resolve("plan.json"), plan.toJson());
        }
        List<CompletableFuture<Void>> parts =
                Stream.of("0", "1", "2", "3")
                        .map(number ->
                                CompletableFuture.runAsync(
                                        () -> {
                                            try {
                                                part(number);
                                            } catch (Exception e) {
                                                throw new IllegalStateException(e);
                                            }
                                        },
                                        task -> Thread.ofPlatform().start(task)))
                        .toList();
        parts.forEach(CompletableFuture::join);

        assertThat(folder.resolve("parts.partial"))
                .isDirectoryContaining("glob:**/model-00001-of-*.safetensors")
                .isDirectoryContaining("glob:**/model-00004-of-*.safetensors");
    }

    @Test
    void threadsThatBeginAtOnceAreNotRefused() throws Exception {
        Door.withModels(folder);
        try (Models models = Door.open(folder)) {
            MergePlan plan = models.plan(Door.ties(0.5), Door.SHARDED);
            for (int round = 0; round < 10; round++) {
                Path output = Path.of("round-" + round);
                CyclicBarrier start = new CyclicBarrier(4);
                List<CompletableFuture<Boolean>> parts =
                        IntStream.range(0, 4)
                                .mapToObj(shard ->
                                        CompletableFuture.supplyAsync(
                                                () -> {
                                                    await(start);
                                                    return plan.makePart(shard, output);
                                                },
                                                task -> Thread.ofPlatform().start(task)))
                                .toList();

                assertThat(parts).allSatisfy(made -> assertThat(made.join()).isTrue());
            }
        }
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String partsMakeTheBytesOfOneRun(Recipe recipe, PlanSettings settings)
            throws Exception {
        MergePlan plan;
        try (Models models = Door.open(folder)) {
            plan = models.plan(recipe, settings);
            plan.write(Path.of("whole"));
        }
        Files.writeString(folder.resolve("plan.json"), plan.toJson());
        int shards = plan.shards().size();
        assertThat(shards).isEqualTo(3);
        // The last one makes what is missing.
        part("2");
        part("0");
        part();

        assertThat(Door.files(folder.resolve("parts")))
                .isEqualTo(Door.files(folder.resolve("whole")));
        assertThat(folder.resolve("parts.partial")).doesNotExist();
        return plan.toJson();
    }

    @Test
    void partsOfCheckpoints() throws Exception {
        Door.withModels(folder);

        String json =
                partsMakeTheBytesOfOneRun(
                        Door.ties(0.5),
                        PlanSettings.defaults().shardBytes(30_000).safeSerialization(false));

        assertThat(json).contains("\"weight_format\":\"pytorch\"");
        assertThat(folder.resolve("parts"))
                .isDirectoryContaining("glob:**/pytorch_model-00003-of-00003.bin")
                .isDirectoryContaining("glob:**/pytorch_model.bin.index.json")
                .isDirectoryNotContaining("glob:**/*.safetensors*");
    }

    @Test
    void partsOfAllKindsOfSources() throws Exception {
        MergeFolder models = new MergeFolder(folder);
        models.model("a", 8, MergeFolder.plain(8), 0);
        new TinyAdapter(2, 4).factors(Q, 2, 32, 32).write(folder.resolve("adapter"), "F32");
        float[] stored = new float[64 * 32];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (i % 15) - 7;
        }
        models.model("b", 9, TinyTokenizer.of(List.of("t1", "t0", "u", "v")), 1)
                .with(UP, List.of(64, 32), stored, "F8_E4M3")
                .with(UP + "_scale", List.of(1), new float[] {0.125f})
                .config("quantization_config", Map.of("quant_method", "fp8"))
                .write(folder.resolve("b"), "F32");
        Recipe recipe =
                Recipe.merge("della")
                        .base("a")
                        .model("a+adapter", p -> p.set("weight", 0.5).set("density", 0.5))
                        .model("b", p -> p.set("weight", 0.5).set("density", 0.5))
                        .parameter("epsilon", 0.1)
                        .dtype("float32")
                        .set("tokenizer", Map.of("source", "union"))
                        .build();

        String json = partsMakeTheBytesOfOneRun(recipe, PlanSettings.defaults().shardBytes(16_500));
        assertThat(json).contains("\"remapped\"", "\"low_rank_added\"", "\"scaled\"", "\"della\"");
    }

    @Test
    void aModelIsPublishedWhenAllShardsAreThere() {
        Door.withModels(folder);
        try (Models models = Door.open(folder)) {
            MergePlan plan = models.plan(Door.ties(0.5), Door.SHARDED);
            plan.write(Path.of("whole"));
            Path out = Path.of("parts");
            assertRefused(plan, "shards are missing, 4 of 4", "--shards 1-4");
            plan.makePart(3, out);
            plan.makePart(0, out);
            assertRefused(plan, "shards are missing, 2 of 4: " + plan.shards().get(1), "2-3");
            assertThat(folder.resolve("parts")).doesNotExist();
            plan.makePart(1, out);
            plan.makePart(2, out);
            List<String> merged = new ArrayList<>();

            plan.publish(out, RunSettings.defaults().listener(merging(merged)));

            assertThat(merged).isEmpty();
        }
        assertThat(Door.files(folder.resolve("parts")))
                .isEqualTo(Door.files(folder.resolve("whole")));
        assertThat(folder.resolve("parts.partial")).doesNotExist();
    }

    @Test
    void aShardThatWasChangedIsNotPublishedAndIsMadeAgain() throws Exception {
        Door.withModels(folder);
        try (Models models = Door.open(folder)) {
            MergePlan plan = models.plan(Door.ties(0.5), Door.SHARDED);
            Path out = Path.of("parts");
            for (int shard = 0; shard < 4; shard++) {
                plan.makePart(shard, out);
            }
            Path second = folder.resolve("parts.partial").resolve(plan.shards().get(1));
            byte[] bytes = Files.readAllBytes(second);
            bytes[20] ^= 1;
            Files.write(second, bytes);

            assertRefused(plan, "shards are damaged, 1 of 4", "--shards 2");
            assertThat(plan.makePart(1, out)).isTrue();
            plan.publish(out);

            bytes[20] ^= 1;
            assertThat(folder.resolve("parts").resolve(plan.shards().get(1)))
                    .hasBinaryContent(bytes);
        }
    }

    @Test
    void shardsOfAnotherPlanAreNotPublished() {
        Door.withModels(folder);
        try (Models models = Door.open(folder)) {
            models.plan(Door.ties(0.25), Door.SHARDED).makePart(0, Path.of("parts"));

            assertRefused(
                    models.plan(Door.ties(0.5), Door.SHARDED), "its shards belong to another plan");
        }
    }

    private static void assertRefused(MergePlan plan, String... words) {
        assertThatThrownBy(() -> plan.publish(Path.of("parts")))
                .isInstanceOf(MergeFailedException.class)
                .satisfies(e -> assertThat(e).message().contains(words));
    }

    private static Listener merging(List<String> tensors) {
        return new Listener() {
            @Override
            public synchronized void merged(String tensor, long bytes) {
                tensors.add(tensor);
            }
        };
    }
}
