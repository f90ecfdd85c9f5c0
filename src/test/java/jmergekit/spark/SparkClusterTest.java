package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Merges on Spark itself, with executors in processes of their own.
@Tag("cluster")
class SparkClusterTest {
    private static final int TRIES = 3;
    private static final Map<String, String> RECIPES =
            Map.of(
                    "linear.yml",
                    SparkModels.LINEAR,
                    "della.yml",
                    SparkModels.DELLA,
                    "ties.yml",
                    SparkModels.TIES_UNION);

    @TempDir private static Path shared;
    private static SparkProcesses spark;
    private static StandaloneCluster standalone;

    @BeforeAll
    static void start() throws Exception {
        spark = SparkProcesses.in(shared);
        standalone = StandaloneCluster.start(spark, 4);
    }

    @AfterAll
    static void stop() {
        if (standalone != null) {
            standalone.close();
        }
    }

    private static SparkModels models(Path folder, int layers) throws IOException {
        Files.createDirectories(folder.resolve("made"));
        return SparkModels.write(folder, layers);
    }

    private static SparkProcesses in(Path folder) {
        return new SparkProcesses(folder, spark.home());
    }

    private static String[] merge(String master, String... more) {
        return Stream.concat(
                        Stream.of(
                                "recipe.yml",
                                "made/out",
                                "--overwrite",
                                "--master",
                                master,
                                "--out-shard-size",
                                SparkModels.SHARDS),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    // All recipes, and then other jobs, with the same executors.
    private static Cli.Result merged(Path folder, String master, String... jobs) throws Exception {
        models(folder, 10);
        for (Map.Entry<String, String> recipe : RECIPES.entrySet()) {
            Files.writeString(folder.resolve(recipe.getKey()), recipe.getValue());
            SparkProgram.single(folder, recipe.getKey());
        }
        String[] args =
                Stream.of(Stream.of(master), RECIPES.keySet().stream(), Stream.of(jobs))
                        .flatMap(s -> s)
                        .toArray(String[]::new);
        try (SparkProcesses.Running running = in(folder).start(SparkProgram.class, args)) {
            Cli.Result result = running.result();

            assertThat(result.err()).isEmpty();
            assertThat(result.code()).isZero();
            for (String recipe : RECIPES.keySet()) {
                assertThat(result.out()).containsPattern(recipe + " by [4-9] jobs");
                assertThat(SparkModels.files(folder.resolve(SparkProgram.output(recipe))))
                        .isEqualTo(SparkModels.files(folder.resolve("single").resolve(recipe)))
                        .hasSizeGreaterThan(8);
            }
            assertThat(SparkModels.names(folder.resolve("made")))
                    .containsExactlyInAnyOrderElementsOf(RECIPES.keySet());
            return result;
        }
    }

    @Test
    void aStandaloneClusterGivesTheBytesOfASingleRun(@TempDir Path folder) throws Exception {
        merged(folder, standalone.master());
    }

    @Test
    void aLocalClusterGivesTheBytesOfASingleRunAndTellsOfFailures(@TempDir Path folder)
            throws Exception {
        Cli.Result result =
                merged(folder, SparkProgram.LOCAL_CLUSTER, "refused", "defect", "ended", "stopped");

        assertThat(result.out())
                .containsPattern(
                        "note: refused failed on \\S+: model/a: differs from .*; Spark tries again\n"
                                + "INPUT refused on \\S+: model/a: differs from the file in the plan"
                                + " \\(expected 3 bytes, found 4\\)\n")
                .containsPattern(
                        "BUG defect on \\S+: java.lang.IllegalArgumentException: no such thing\n"
                                + "\tat jmergekit.spark.SparkProgram")
                .containsPattern(
                        "note: ended was running in executor \\d+, which is lost; Spark tries"
                                + " again\n(note: .*\n)*OUTPUT ended: could not be made in 2"
                                + " attempts \\(found Command exited with code 7\\)")
                .contains("\nOUTPUT --master: Spark has given up: its master or its executors");
    }

    @Test
    void anExecutorMayBeKilled(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 100);
        Map<String, String> single = models.single(SparkModels.TIES_UNION);
        for (int i = 0; i < TRIES; i++) {
            Cli.Result result = withAnExecutorKilled(folder);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).doesNotContain("\tat ");
            assertThat(models.made()).isEqualTo(single);
            if (result.err().contains("is lost; Spark tries again")) {
                return;
            }
        }
        abort("the executor has always been killed between two shards");
    }

    private static Cli.Result withAnExecutorKilled(Path folder) throws Exception {
        String[] args =
                Stream.concat(Stream.of("spark"), Stream.of(merge(SparkProgram.LOCAL_CLUSTER)))
                        .toArray(String[]::new);
        try (SparkProcesses.Running running = in(folder).start(Main.class, args)) {
            Path partial = folder.resolve("made/out.partial");
            SparkProcesses.await(
                    () -> finished(partial) > 3 || !running.process().isAlive(), running);
            running.executors().stream().findFirst().ifPresent(ProcessHandle::destroyForcibly);
            return running.result();
        }
    }

    private static long finished(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    // Executors that need no vectors, besides: the bytes are the same without them.
    @Test
    void twoAttemptsAtTheSameShardDoNoHarm(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 40);
        Map<String, String> single = models.single(SparkModels.DELLA);
        for (int i = 0; i < TRIES; i++) {
            Path log = Files.createDirectories(folder.resolve("log" + i));
            Cli.Result result = in(folder).merge(merge(standalone.master(), speculating(log)));

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(models.made()).isEqualTo(single);
            try (Stream<Path> logs = Files.list(log)) {
                if (Files.readString(logs.findFirst().orElseThrow())
                        .contains("\"Speculative\":true")) {
                    return;
                }
            }
        }
        abort("Spark has begun no shard twice");
    }

    // Any task is slow, as soon as one has ended.
    private static String[] speculating(Path log) {
        return Stream.of(
                        "eventLog.enabled=true",
                        "eventLog.rolling.enabled=false",
                        "eventLog.compress=false",
                        "eventLog.dir=" + log.toUri(),
                        "speculation=true",
                        "speculation.quantile=0.01",
                        "speculation.multiplier=0.01",
                        "speculation.interval=5ms",
                        "speculation.minTaskRuntime=0ms",
                        "executor.extraJavaOptions=-Djmergekit.tileOps=scalar")
                .map("--conf=spark."::concat)
                .toArray(String[]::new);
    }
}
