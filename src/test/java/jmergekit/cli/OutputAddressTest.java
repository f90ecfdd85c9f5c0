package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Outputs that look like addresses never become folders of that name.
class OutputAddressTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        new MergeFolder(folder).model("a", 8, MergeFolder.plain(8), 0);
        Files.writeString(
                folder.resolve("recipe.yml"),
                """
                merge_method: linear
                models: [{model: a, parameters: {weight: 1}}]
                dtype: float32
                """);
    }

    private List<String> names() {
        return List.of(folder.toFile().list());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs://bucket/out", "https://server/out", "file:///tmp/out"})
    void addressesOfOthersAreRefused(String output) {
        Cli.Result plan = Cli.run(folder, "plan", "recipe.yml", "-o", "plan.json");
        assertThat(plan.code()).as(plan.err()).isZero();
        for (String[] command :
                new String[][] {
                    {"yaml", "recipe.yml", output},
                    {"part", "plan.json", output, "--shards", "1"},
                    {"publish", "plan.json", output}
                }) {
            Cli.Result result = Cli.run(folder, command);

            assertThat(result.code()).as(result.err()).isEqualTo(2);
            assertThat(result.err())
                    .startsWith("error: " + output)
                    .contains("s3://bucket/path")
                    .doesNotContain("\tat ");
        }
        assertThat(names()).containsExactlyInAnyOrder("a", "recipe.yml", "plan.json");
    }

    @Test
    void stagesAreOnThisMachine() throws IOException {
        String recipe = Files.readString(folder.resolve("recipe.yml"));
        Files.writeString(folder.resolve("stages.yml"), "name: one\n" + recipe + "---\n" + recipe);

        for (String place :
                List.of("s3://bucket/stages", "s3:/bucket/stages", "gs://bucket/stages")) {
            Cli.Result result =
                    Cli.run(folder, "multi", "stages.yml", "--out-path", "out", "-I", place);

            assertThat(result.code()).as(result.err()).isEqualTo(2);
            assertThat(result.err()).contains("bucket/stages", "on this machine");
        }
        assertThat(names()).containsExactlyInAnyOrder("a", "recipe.yml", "stages.yml");
    }

    @Test
    void theCacheIsOnThisMachine() {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put("JMERGEKIT_CACHE", "s3://bucket/cache");

        Cli.Result result = Cli.run(folder, environment, "yaml", "recipe.yml", "s3://bucket/out");

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains("s3://bucket/cache: the cache must be on this machine");
        assertThat(names()).containsExactlyInAnyOrder("a", "recipe.yml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"S3://bucket/out", "s3://bucket/out", "s3:/bucket/out"})
    void capitalsMeanTheStoreToo(String output) {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put("AWS_ENDPOINT_URL", "nowhere");
        environment.put("JMERGEKIT_CACHE", folder.resolve("cache").toString());

        assertThat(Cli.run(folder, "plan", "recipe.yml", "-o", "plan.json").code()).isZero();
        for (String[] command :
                new String[][] {
                    {"yaml", "recipe.yml", output},
                    {"part", "plan.json", output, "--shards", "1"},
                    {"publish", "plan.json", output}
                }) {
            Cli.Result result = Cli.run(folder, environment, command);

            assertThat(result.code()).as(result.err()).isNotZero();
            assertThat(result.err()).contains("AWS_ENDPOINT_URL");
        }
        assertThat(names()).doesNotContain("S3:", "s3:");
    }
}
