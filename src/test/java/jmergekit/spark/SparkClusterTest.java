package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.Clusters;
import jmergekit.cluster.Job;
import jmergekit.fixture.Cli;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Merges on Spark itself, with executors in processes of their own.
@Tag("cluster")
class SparkClusterTest {
    private static final String LOCAL_CLUSTER = "local-cluster[2,1,1024]";
    private static final List<String> RECIPES =
            List.of(SparkModels.LINEAR, SparkModels.DELLA, SparkModels.TIES_UNION);

    @TempDir private static Path shared;
    private static SparkProcesses spark;

    @BeforeAll
    static void findSpark() throws IOException {
        spark = SparkProcesses.in(shared);
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

    @Test
    void aLocalClusterGivesTheBytesOfASingleRun(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 10);
        for (String recipe : RECIPES) {
            Map<String, String> single = models.single(recipe);
            Cli.Result result = in(folder).merge(merge(LOCAL_CLUSTER));

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(models.made()).isEqualTo(single).hasSizeGreaterThan(8);
        }
    }

    /// Merges on the master at an address.
    private interface Work {
        void on(String master) throws Exception;
    }

    // Two workers, on what Spark takes for two machines: it begins no task twice on the same one.
    private static void standalone(Path folder, int cores, Work work) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + port;
        try (SparkProcesses.Running running =
                        in(folder)
                                .start(
                                        "org.apache.spark.deploy.master.Master",
                                        "--host",
                                        "127.0.0.1",
                                        "--port",
                                        Integer.toString(port),
                                        "--webui-port",
                                        "0");
                SparkProcesses.Running _ = worker(folder, "127.0.0.1", cores, master);
                SparkProcesses.Running _ = worker(folder, "localhost", cores, master)) {
            SparkProcesses.await(() -> MasterAddressTest.answers("127.0.0.1", port), running);
            work.on(master);
        }
    }

    private static SparkProcesses.Running worker(Path folder, String host, int cores, String master)
            throws IOException {
        return in(folder)
                .start(
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        host,
                        "--cores",
                        Integer.toString(cores),
                        "--memory",
                        "1g",
                        "--webui-port",
                        "0",
                        master);
    }

    @Test
    void aStandaloneClusterGivesTheBytesOfASingleRun(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 10);
        standalone(
                folder,
                1,
                master -> {
                    for (String recipe : RECIPES) {
                        Map<String, String> single = models.single(recipe);
                        Cli.Result result = in(folder).merge(merge(master));

                        assertThat(result.code()).as(result.err()).isZero();
                        assertThat(models.made()).isEqualTo(single);
                    }
                });
    }

    @Test
    void anExecutorMayBeKilled(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 150);
        Map<String, String> single = models.single(SparkModels.TIES_UNION);
        long shards = single.keySet().stream().filter(f -> f.endsWith(".safetensors")).count();
        String[] args =
                Stream.concat(Stream.of("spark"), Stream.of(merge(LOCAL_CLUSTER)))
                        .toArray(String[]::new);
        try (SparkProcesses.Running running = in(folder).start(Main.class, args)) {
            Path partial = folder.resolve("made/out.partial");
            SparkProcesses.await(() -> finished(partial) > 3, running);
            assertThat(running.executors()).hasSize(2);
            running.executors().getFirst().destroyForcibly();
            assertThat(finished(partial)).isLessThan(shards - 3);
            Cli.Result result = running.result();

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.err()).contains("is lost; Spark tries again").doesNotContain("\tat ");
            assertThat(models.made()).isEqualTo(single);
        }
    }

    private static long finished(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void twoAttemptsAtTheSameShardDoNoHarm(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 60);
        Map<String, String> single = models.single(SparkModels.DELLA);
        Path log = Files.createDirectories(folder.resolve("log"));
        // Any task is slow, as soon as one has ended.
        standalone(
                folder,
                4,
                master -> {
                    Cli.Result result =
                            in(folder)
                                    .merge(
                                            merge(
                                                    master,
                                                    "--conf=spark.eventLog.enabled=true",
                                                    "--conf=spark.eventLog.rolling.enabled=false",
                                                    "--conf=spark.eventLog.compress=false",
                                                    "--conf=spark.eventLog.dir=" + log.toUri(),
                                                    "--conf=spark.speculation=true",
                                                    "--conf=spark.speculation.quantile=0.01",
                                                    "--conf=spark.speculation.multiplier=0.01",
                                                    "--conf=spark.speculation.interval=5ms",
                                                    "--conf=spark.speculation.minTaskRuntime=0ms"));

                    assertThat(result.code()).as(result.err()).isZero();
                });
        assertThat(models.made()).isEqualTo(single);
        try (Stream<Path> logs = Files.list(log)) {
            boolean isTwice =
                    Files.readString(logs.findFirst().orElseThrow())
                            .contains("\"Speculative\":true");
            assertThat(isTwice).isTrue();
        }
    }

    @Test
    void executorsNeedNoVectors(@TempDir Path folder) throws Exception {
        SparkModels models = models(folder, 10);
        Map<String, String> single = models.single(SparkModels.DELLA);
        Cli.Result result =
                in(folder)
                        .merge(
                                merge(
                                        LOCAL_CLUSTER,
                                        "--conf=spark.executor.extraJavaOptions="
                                                + "-Djmergekit.tileOps=scalar"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(models.made()).isEqualTo(single);
    }

    /// Runs one job on a cluster, and prints what it comes to.
    static final class OneJob {
        private OneJob() {}

        public static void main(String[] args) {
            try (Cluster cluster =
                    Clusters.open(
                            "--master", LOCAL_CLUSTER, Map.of("spark.task.maxFailures", "2"))) {
                cluster.run(List.of(new Failing("fine"), new Failing(args[0])), new Printed());
            } catch (MergeException e) {
                System.out.println(e.exitCode() + " " + e.getMessage());
            } catch (IllegalStateException e) {
                System.out.println("BUG " + e.getMessage());
            }
        }
    }

    private record Printed() implements Cluster.Watcher {
        @Override
        public void finished(int job) {}

        @Override
        public void note(String line) {
            System.out.println("note: " + line);
        }
    }

    /// Fails in the way that its name says.
    private record Failing(String name) implements Job<String> {
        @Override
        public String run(Attempt attempt) {
            return switch (name) {
                case "refused" ->
                        throw new MergeException(
                                Problem.input("model/a", "is not the file that was planned")
                                        .expected("3 bytes")
                                        .found("4"));
                case "defect" -> throw new IllegalArgumentException("no such thing");
                case "ended" -> {
                    Runtime.getRuntime().halt(7);
                    yield "";
                }
                default -> name;
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "defect", "ended"})
    void aJobThatFailsIsTriedAgainAndNamed(String how, @TempDir Path folder) throws Exception {
        try (SparkProcesses.Running running = in(folder).start(OneJob.class, how)) {
            Cli.Result result = running.result();
            String host = "\\S+";

            assertThat(result.out())
                    .containsPattern(
                            switch (how) {
                                case "refused" ->
                                        "note: refused failed on "
                                                + host
                                                + ": model/a: is not .*; Spark tries again\n"
                                                + "INPUT refused on "
                                                + host
                                                + ": model/a: is not the file that was planned"
                                                + " \\(expected 3 bytes, found 4\\)\n";
                                case "defect" ->
                                        "BUG defect on "
                                                + host
                                                + ": java.lang.IllegalArgumentException: no such"
                                                + " thing\n\tat jmergekit.spark.SparkClusterTest";
                                default ->
                                        "note: ended was under way in executor \\d+, which is lost;"
                                                + " Spark tries again\n"
                                                + "OUTPUT ended: could not be made in 2 attempts"
                                                + " \\(found Command exited with code 7\\)";
                            });
            assertThat(result.err()).isEmpty();
        }
    }
}
