package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.LooseFile;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Repository.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of weights in repositories of the hub.
class LooseHubTest {
    private static final Path LAYOUTS = Path.of("src", "test", "resources", "loose");

    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        Path unet = Files.createDirectories(folder.resolve("a/unet"));
        new LooseFile()
                .floats("w", List.of(2), 1, 2)
                .metadata("title", "A")
                .write(unet.resolve("diffusion.safetensors"));
        new LooseFile().floats("w", List.of(2), 3, 4).write(folder.resolve("a/model.safetensors"));
        Files.writeString(folder.resolve("a/tokenizer.json"), "{}");
        Path b = Files.createDirectory(folder.resolve("b"));
        new LooseFile()
                .floats("w", List.of(2), 5, 6)
                .write(b.resolve("x-00001-of-00002.safetensors"));
        new LooseFile().floats("v", List.of(1), 7).write(b.resolve("x-00002-of-00002.safetensors"));
        Files.writeString(
                b.resolve("x.safetensors.index.json"),
                "{\"weight_map\": {\"w\": \"x-00001-of-00002.safetensors\","
                        + " \"v\": \"x-00002-of-00002.safetensors\"}}");
        Path torch = Files.createDirectory(folder.resolve("torch"));
        Files.copy(LAYOUTS.resolve("one-part.pth"), torch.resolve("one-part.pth"));
        server = new HubServer(folder);
        for (String name : List.of("a", "b", "torch")) {
            server.add("org/" + name, Access.PUBLIC, folder.resolve(name));
        }
        environment.put("HF_ENDPOINT", server.endpoint());
        environment.put("HF_HOME", folder.resolve("home").toString());
        environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "100");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(String model, String... options) throws IOException {
        Files.writeString(
                folder.resolve("r.yml"),
                """
                merge_method: linear
                models:
                  - {model: %s, parameters: {weight: 1}}
                  - {model: org/a/unet/diffusion.safetensors, parameters: {weight: 3}}
                """
                        .formatted(model));
        List<String> arguments = new ArrayList<>(List.of("pytorch", "r.yml", "out", "-i"));
        arguments.addAll(List.of(options));
        return Cli.run(folder, environment, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "org/a/model.safetensors, 1.5, 2.5",
        "org/a/model.safetensors@main, 1.5, 2.5",
        "org/a, 1.5, 2.5",
        "org/b, 2, 3",
        "org/b/x.safetensors.index.json, 2, 3",
        "org/torch/one-part.pth, 1, 1.75"
    })
    void filesAndRepositoriesAreMerged(String model, float first, float second) throws IOException {
        Cli.Result result = run(model);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(LooseFile.floats(folder.resolve("out/model.safetensors"), "w"))
                .containsExactly(first, second);
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .startsWith("---\nbase_model:\n- \"org/")
                .containsPattern("]\\(https://huggingface.co/org/a\\) at revision `[0-9a-f]{40}`");
        assertThat(folder.resolve("out/tokenizer.json")).doesNotExist();
        assertThat(folder.resolve("home/hub/models--org--a/snapshots")).isDirectory();
    }

    @Test
    void aDryRunNeedsHeadersOnly() throws IOException {
        Cli.Result result = run("org/a/model.safetensors", "--dry-run");
        Cli.Result whole = run("org/torch/one-part.pth", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("org/a/unet/diffusion.safetensors (1 tensors)");
        assertThat(whole.code()).isEqualTo(3);
        assertThat(whole.err())
                .contains("a PyTorch file's tensors are known only after a full download");
    }

    @Test
    void thePlanNamesTheCommit() throws IOException {
        Cli.Result result = run("org/a/model.safetensors", "--dry-run", "--format", "json");

        assertThat(result.out())
                .contains("{\"folder\":0,\"name\":\"model.safetensors\",")
                .containsPattern(
                        "\"name\":\"diffusion.safetensors\"[^}]*\"commit\":\"[0-9a-f]{40}\"");
    }

    @Test
    void whatTheHubLacksIsNamed() throws IOException {
        assertThat(refusal("org/a/gone.safetensors"))
                .contains(
                        "org/a/gone.safetensors: repository 'org/a' has no file 'gone.safetensors';"
                                + " there is no file '");
        assertThat(refusal("org/gone/model.safetensors"))
                .contains("org/gone/model.safetensors: the hub has no such model");
        assertThat(refusal("org/b/x-00001-of-00002.safetensors"))
                .contains("is one of several shards");
        assertThat(refusal("org/a/unet/x.safetensors.index.json")).contains("has no file");
    }

    private String refusal(String model) throws IOException {
        Cli.Result result = run(model);
        assertThat(result.code()).isEqualTo(3);
        assertThat(folder.resolve("out")).doesNotExist();
        return result.err();
    }
}
