package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.s3.StoreServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that executors read from a store, and shards that they write there.
@Tag("cluster")
class SparkStoreTest {
    private static final String STORED =
            """
            merge_method: linear
            models:
              - {model: 's3://bucket/base', parameters: {weight: 0.3}}
              - {model: 's3://bucket/chat', parameters: {weight: 0.7}}
            dtype: float32
            """;

    @TempDir private Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void theModelIsThatOfASingleRunAndNoSecretIsWritten() throws Exception {
        Path bucket = Files.createDirectories(folder.resolve("store/bucket"));
        SparkModels models = SparkModels.write(bucket, 10);
        Map<String, String> single = models.single(SparkModels.LINEAR);
        Files.writeString(folder.resolve("stored.yml"), STORED);
        SparkProcesses spark = SparkProcesses.in(folder);
        try (StoreServer server = StoreServer.start(folder.resolve("store"))) {
            Cli.Result result =
                    new SparkProcesses(folder, spark.home(), server.environment())
                            .merge(
                                    "stored.yml",
                                    "s3://bucket/out",
                                    "--master",
                                    SparkProgram.LOCAL_CLUSTER,
                                    "--out-shard-size",
                                    SparkModels.SHARDS);

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(weights(SparkModels.files(bucket.resolve("out"))))
                    .isEqualTo(weights(single))
                    .hasSizeGreaterThan(5);
            assertThat(SparkModels.names(bucket.resolve("out")))
                    .containsAll(single.keySet())
                    .doesNotContain(".jmergekit-run");
            for (Path file : files()) {
                assertThat(Files.readAllBytes(file))
                        .as(file.toString())
                        .asString()
                        .doesNotContain(server.secret());
            }
            assertThat(result.err() + result.out()).doesNotContain(server.secret());
        }
    }

    private static Map<String, String> weights(Map<String, String> files) {
        return files.entrySet().stream()
                .filter(f -> f.getKey().contains("safetensors"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
