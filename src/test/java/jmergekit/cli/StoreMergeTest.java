package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.s3.StoreServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands whose models are on a real server.
@Tag("cluster")
class StoreMergeTest {
    @TempDir private static Path data;
    private static StoreServer server;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws IOException {
        Path models = Files.createDirectory(data.resolve("bucket"));
        TinyModel base = TinyModel.llama(2, 20_000, false, 0).write(models.resolve("base"), "BF16");
        base.tuned(1).write(models.resolve("chat"), "BF16");
        new TinyAdapter(2, 4)
                .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(models.resolve("adapter"), "F32");
        server = StoreServer.start(data);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.putAll(server.environment());
        environment.put("JMERGEKIT_CACHE", folder.resolve("cache").toString());
        return environment;
    }

    private Cli.Result run(String... args) {
        return Cli.run(folder, environment(), args);
    }

    private static String recipe(String prefix) {
        return """
        merge_method: ties
        base_model: %1$sbase
        models:
          - model: %1$schat
            parameters: {weight: 1.0, density: 0.5}
          - model: %1$sbase+%1$sadapter
            parameters: {weight: 0.5, density: 0.5}
        dtype: bfloat16
        """
                .formatted(prefix);
    }

    private void write(String name, String prefix) throws IOException {
        Files.writeString(folder.resolve(name), recipe(prefix));
    }

    @Test
    void theOutputIsThatOfFoldersAndNothingIsLeft() throws IOException {
        write("remote.yml", "s3://bucket/");
        write("local.yml", data.resolve("bucket") + "/");

        Cli.Result remote = run("yaml", "remote.yml", "remote", "-v");
        Cli.Result local = run("yaml", "local.yml", "local", "-v");

        assertThat(remote.code()).as(remote.err()).isZero();
        assertThat(remote.err() + remote.out()).contains("from the store");
        assertThat(local.err() + local.out()).doesNotContain("from the store");
        assertThat(folder.resolve("remote/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("local/model.safetensors"));
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "plan"})
    void noOutputShowsTheSecret(String command) throws IOException {
        write("remote.yml", "s3://bucket/");
        Cli.Result result =
                command.equals("yaml")
                        ? run("yaml", "remote.yml", "out", "-v")
                        : run("plan", "remote.yml", "-o", "out.json");
        assertThat(result.code()).as(result.err()).isZero();

        assertThat(result.out() + result.err()).doesNotContain(server.secret());
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(f ->
                            assertThat(Files.readAllBytes(f))
                                    .asString()
                                    .doesNotContain(server.secret(), "AKIDEXAMPLE"));
        }
    }

    @Test
    void aWrongSecretIsRefusedAndNotShown() throws IOException {
        write("remote.yml", "s3://bucket/");
        Map<String, String> wrong = new HashMap<>(environment());
        wrong.put("AWS_SECRET_ACCESS_KEY", "wrong-secret-of-mine");

        Cli.Result result = Cli.run(folder, wrong, "yaml", "remote.yml", "out", "-vv");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("the store does not accept your credentials");
        assertThat(result.out() + result.err()).doesNotContain("wrong-secret-of-mine");
    }

    @Test
    void modelsOfAStoreAreComparedAsThoseOfFolders() {
        String remote = "s3://bucket/";
        String local = data.resolve("bucket") + "/";

        Cli.Result fromStore = run("diff", "--csv", remote + "base", remote + "chat");
        Cli.Result fromFolders = run("diff", "--csv", local + "base", local + "chat");

        assertThat(fromStore.code()).as(fromStore.err()).isZero();
        assertThat(fromStore.out().replace(remote, local)).isEqualTo(fromFolders.out());
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void partsReadFromStoresToo() throws IOException {
        write("remote.yml", "s3://bucket/");
        write("local.yml", data.resolve("bucket") + "/");

        assertThat(run("yaml", "local.yml", "local", "--out-shard-size", "1MB").code()).isZero();
        Cli.Result plan = run("plan", "remote.yml", "-o", "plan.json", "--out-shard-size", "1MB");
        assertThat(plan.code()).as(plan.err()).isZero();
        for (String index : new String[] {"1", "0"}) {
            Cli.Result part = run("part", "plan.json", "merged", "--index", index, "--of", "2");
            assertThat(part.code()).as(part.err()).isZero();
        }
        Cli.Result published = run("publish", "plan.json", "merged");
        assertThat(published.code()).as(published.err()).isZero();

        assertThat(weights(folder.resolve("merged"))).isEqualTo(weights(folder.resolve("local")));
    }

    private static Map<String, String> weights(Path model) throws IOException {
        Map<String, String> weights = new HashMap<>();
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                weights.put(
                        file.getFileName().toString(),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return weights;
    }
}
