package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TorchFile;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Received;
import jmergekit.fixture.hub.Repository.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recipes that name models of the hub.
class HubMergeTest {
    private static final String LINEAR =
            """
            merge_method: linear
            models:
              - {model: org/a, parameters: {weight: 1}}
              - {model: org/b@main, parameters: {weight: 3}}
            """;

    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private HubServer server;
    private Path models;

    @BeforeEach
    void start() throws IOException {
        models = folder.resolve("models");
        // Larger than what is read to see their header.
        TinyModel a = TinyModel.llama(4, 2000, false, 1).write(models.resolve("a"), "F32");
        a.tuned(2).write(models.resolve("b"), "F32");
        Files.writeString(models.resolve("a/tokenizer.json"), "{}");
        Files.writeString(models.resolve("a/LICENSE"), "free");
        Files.writeString(models.resolve("b/NOTICE"), "b's alone");
        server = new HubServer(folder);
        server.add("org/a", Access.PUBLIC, models.resolve("a"));
        server.add("org/b", Access.PUBLIC, models.resolve("b"));
        environment.put("HF_ENDPOINT", server.endpoint());
        environment.put("HF_HOME", folder.resolve("home").toString());
        environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "100");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        List<String> arguments = new java.util.ArrayList<>(List.of("yaml", "recipe.yml", "out"));
        arguments.addAll(List.of(options));
        return Cli.run(folder, environment, arguments.toArray(String[]::new));
    }

    private List<String> weightRequests() {
        return server.receivedByStorage().stream()
                .map(r -> r.range().orElse("whole"))
                .sorted()
                .toList();
    }

    private static final List<String> TWO_HEADERS = List.of("0-131071", "0-131071");

    @Test
    void modelsOfTheHubMergeLikeFolders() throws IOException {
        Cli.Result result = run(LINEAR);
        String local = LINEAR.replace("org/a", "./models/a").replace("org/b@main", "./models/b");
        Files.writeString(folder.resolve("local.yml"), local);
        Cli.run(folder, "yaml", "local.yml", "expected");

        assertThat(result.code()).isZero();
        assertThat(result.err().lines())
                .startsWith("looking up org/a", "looking up org/b@main")
                .anyMatch(l -> l.startsWith("downloading 3 file(s), "));
        assertThat(folder.resolve("out/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("expected/model.safetensors"));
        assertThat(folder.resolve("out/tokenizer.json")).hasContent("{}");
        assertThat(folder.resolve("out/LICENSE")).hasContent("free");
        assertThat(folder.resolve("out/NOTICE")).doesNotExist();
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .startsWith("---\nbase_model:\n- \"org/a\"\n- \"org/b\"\n");
        assertThat(weightRequests()).containsExactly("0-131071", "0-131071", "whole", "whole");
    }

    @Test
    void aRecipeWithMistakesDownloadsNoWeights() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: dare-ties
                        base_model: org/a
                        models:
                          - {model: org/b, parameters: {weight: 1, density: 0.5}}
                          - {model: org/nope, parameters: {weight: 1}}
                        """);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("unknown merge method 'dare-ties'")
                .contains("org/nope: the hub has no such model");
        assertThat(weightRequests()).isEqualTo(TWO_HEADERS);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void modelsThatDoNotFitAreFoundBeforeTheirDownload() throws IOException {
        TinyModel.llama(6, 2000, false, 1).write(models.resolve("b"), "F32");
        server.find("org/b").orElseThrow().commit("main", models.resolve("b"));

        Cli.Result result = run(LINEAR);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("org/b@main").contains("6");
        assertThat(weightRequests()).isEqualTo(TWO_HEADERS);
    }

    @Test
    void aDryRunSaysWhatWouldBeDownloaded() throws IOException {
        Cli.Result result = run(LINEAR, "--dry-run");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .startsWith("downloads 1.3 MB in 3 file(s)", "method    linear");
        assertThat(weightRequests()).isEqualTo(TWO_HEADERS);

        run(LINEAR);
        assertThat(run(LINEAR, "--dry-run").out()).startsWith("method    linear");
    }

    @Test
    void onlyShardsThatAreNeededAreDownloaded() throws IOException {
        Cli.run(
                folder,
                "yaml",
                write("shard.yml", "merge_method: passthrough\nmodels: [{model: ./models/a}]\n"),
                "models/sharded",
                "--out-shard-size",
                "60K");
        server.add("org/sharded", Access.PUBLIC, models.resolve("sharded"));
        server.forgetRequests();

        Cli.Result result =
                run(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: org/sharded, layer_range: [0, 1]}]
                        """);

        assertThat(result.code()).isZero();
        Path snapshot;
        try (var snapshots =
                Files.list(folder.resolve("home/hub/models--org--sharded/snapshots"))) {
            snapshot = snapshots.findFirst().orElseThrow();
        }
        long shards = count(models.resolve("sharded"));
        assertThat(count(snapshot)).isPositive().isLessThan(shards);
        assertThat(TinyModel.read(folder.resolve("out")))
                .containsKey("model.layers.0.mlp.up_proj.weight")
                .doesNotContainKey("model.layers.1.mlp.up_proj.weight");
    }

    private String write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).count();
        }
    }

    @Test
    void theDonorsModulesAreDownloaded() throws IOException {
        Path pooling = Files.createDirectories(models.resolve("a/1_Pooling"));
        Files.createDirectories(models.resolve("a/onnx"));
        Files.writeString(pooling.resolve("config.json"), "{\"pooling\": 1}");
        Files.writeString(models.resolve("a/onnx/config.json"), "{}");
        Files.writeString(
                models.resolve("a/modules.json"),
                "[{\"path\": \"\", \"type\": \"x.Transformer\"}, {\"path\": \"1_Pooling\", \"type\":"
                        + " \"x.Pooling\"}]");
        server.find("org/a").orElseThrow().commit("main", models.resolve("a"));

        assertThat(run(LINEAR).code()).isZero();

        assertThat(folder.resolve("out/1_Pooling/config.json")).hasContent("{\"pooling\": 1}");
        assertThat(server.received().stream().map(Received::path))
                .noneMatch(p -> p.contains("onnx"));
    }

    @Test
    void adaptersComeFromTheHubToo() throws IOException {
        Path adapter = models.resolve("adapter");
        new TinyAdapter(4, 8)
                .factors("model.layers.0.self_attn.q_proj", 4, 32, 32)
                .write(adapter, "F32");
        server.add("org/safe", Access.PUBLIC, adapter);
        Path pickled = Files.createDirectories(models.resolve("pickled"));
        Files.copy(adapter.resolve("adapter_config.json"), pickled.resolve("adapter_config.json"));
        new TorchFile(TinyModel.read(adapter), false)
                .writeZip(pickled.resolve("adapter_model.bin"));
        server.add("org/pickled", Access.PUBLIC, pickled);
        String recipe = "merge_method: passthrough\nmodels: [{model: \"%s\"}]\n";
        run(recipe.formatted("./models/a+./models/adapter"));
        Path expected = folder.resolve("out/model.safetensors");
        Files.move(expected, folder.resolve("expected"));

        for (String name : List.of("org/a+org/safe@main", "./models/a+org/pickled")) {
            Cli.Result result = run(recipe.formatted(name), "--overwrite");

            assertThat(result.code()).isZero();
            assertThat(folder.resolve("out/model.safetensors"))
                    .hasSameBinaryContentAs(folder.resolve("expected"));
        }
    }

    private void replaceByTorchFiles() throws IOException {
        for (String name : List.of("a", "b")) {
            Path model = models.resolve(name);
            new TorchFile(TinyModel.read(model), false)
                    .writeZip(model.resolve("pytorch_model.bin"));
            Files.delete(model.resolve("model.safetensors"));
            server.find("org/" + name).orElseThrow().commit("main", model);
        }
    }

    @Test
    void pytorchFilesAreDownloadedToBePlanned() throws IOException {
        replaceByTorchFiles();

        Cli.Result result = run(LINEAR);

        assertThat(result.code()).isZero();
        assertThat(weightRequests()).containsExactly("whole", "whole");
        assertThat(TinyModel.read(folder.resolve("out"))).containsKey("lm_head.weight");
    }

    @Test
    void pytorchFilesAreNotDownloadedForADryRunOrAMistake() throws IOException {
        replaceByTorchFiles();

        Cli.Result dry = run(LINEAR, "--dry-run");
        Cli.Result mistaken = run(LINEAR.replace("linear", "liner"));

        assertThat(dry.code()).isEqualTo(3);
        assertThat(dry.err())
                .contains(
                        "error: org/a/pytorch_model.bin: a PyTorch file's tensors are known only"
                                + " after a full download; it is downloaded if the recipe has no"
                                + " errors and this is not a dry run");
        assertThat(mistaken.code()).isEqualTo(2);
        assertThat(mistaken.err()).contains("did you mean 'linear'?");
        assertThat(weightRequests()).isEmpty();
    }

    @Test
    void theCacheCanBeNamed() throws IOException {
        Cli.Result result = run(LINEAR, "--transformers-cache", "here", "--quiet");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(folder.resolve("here/models--org--a/snapshots")).isDirectory();
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void aFolderOnDiskWins() throws IOException {
        TinyModel local = TinyModel.llama(4, 20, false, 7).write(folder.resolve("org/a"), "F32");

        Cli.Result result = run("merge_method: passthrough\nmodels: [{model: org/a}]\n");

        assertThat(result.code()).isZero();
        assertThat(TinyModel.read(folder.resolve("out")).get("model.norm.weight").data())
                .isEqualTo(local.data("model.norm.weight"));
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aNameThatIsNeitherIsToldInBothWays() throws IOException {
        Cli.Result result = run("merge_method: passthrough\nmodels: [{model: modles/a}]\n");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("error: modles/a: the hub has no such model, or you may not see it")
                .contains("; there is no folder '" + folder.resolve("modles/a") + "' either");
    }

    @Test
    void aPathThatCanOnlyBeAFolderIsNotAskedFor() throws IOException {
        for (String path : List.of("./a", "/no/a", "~/no/a", "x/y/z", "a b/c", "no--id")) {
            Cli.Result result =
                    run("merge_method: passthrough\nmodels: [{model: \"" + path + "\"}]\n");

            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("error: " + path + ": no such model folder");
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aFailedDownloadLeavesNoOutputAndIsContinued() throws IOException {
        run(LINEAR, "--dry-run");
        server.fail("GET /objects/.*", Fault.status(403));

        Cli.Result failed = run(LINEAR);

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("/model.safetensors: the hub does not allow this");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(run(LINEAR).code()).isZero();
    }

    @Test
    void settingsThatMakeNoSenseMatterOnlyIfTheHubIsNeeded() throws IOException {
        environment.put("HF_ENDPOINT", "nonsense");

        assertThat(run("merge_method: passthrough\nmodels: [{model: ./models/a}]\n").code())
                .isZero();
        Cli.Result result = run(LINEAR, "--overwrite");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("HF_ENDPOINT: not a valid address of a hub");
    }
}
