package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Repository.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadCommandTest {
    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private HubServer server;

    @BeforeEach
    void start() {
        TinyModel.llama(2, 20, false, 1).write(folder.resolve("model"), "F32");
        server = new HubServer(folder);
        environment.put("HF_ENDPOINT", server.endpoint());
        environment.put("HF_HOME", folder.resolve("home").toString());
        environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "100");
        environment.put("HF_TOKEN", HubServer.TOKEN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result upload(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "upload";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Cli.run(folder, environment, all);
    }

    @Test
    void aLinkToAFolderStandsForTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("model"));

        assertThat(upload("link", "me/merged").err()).contains("uploading 1 file(s), ");
    }

    @Test
    void aLinkOutOfTheFolderIsNotUploaded() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "secret");
        Files.createSymbolicLink(folder.resolve("model/LICENSE"), token);

        Cli.Result result = upload("model", "me/merged");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("LICENSE: is a link that leads out of the model's folder");
        assertThat(server.find("me/merged")).isEmpty();
    }

    @Test
    void anUploadedModelCanBeMerged() throws IOException {
        Cli.Result result = upload("model", "me/merged", "--private", "-m", "first try");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).containsExactly(server.endpoint() + "/me/merged/commit/x");
        assertThat(result.err())
                .startsWith("hashing 1 file(s), ")
                .contains("uploading 1 file(s), ");
        assertThat(server.find("me/merged").orElseThrow().access()).isEqualTo(Access.PRIVATE);
        assertThat(server.find("me/merged").orElseThrow().lastMessage()).isEqualTo("first try");

        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: me/merged}]\n");
        assertThat(Cli.run(folder, environment, "yaml", "recipe.yml", "out").code()).isZero();
        assertThat(TinyModel.read(folder.resolve("out")).get("lm_head.weight").data())
                .isEqualTo(TinyModel.read(folder.resolve("model")).get("lm_head.weight").data());
    }

    @Test
    void anAdapterCanBeUploaded() throws IOException {
        Path adapter = folder.resolve("adapter");
        new TinyAdapter(4, 8)
                .factors("model.layers.0.self_attn.q_proj", 4, 32, 32)
                .write(adapter, "F32");

        assertThat(upload("adapter", "me/adapter").code()).isZero();
        assertThat(server.find("me/adapter").orElseThrow().files("main"))
                .containsOnlyKeys("adapter_config.json", "adapter_model.safetensors");

        Files.delete(adapter.resolve("adapter_model.safetensors"));
        assertThat(upload("adapter", "me/adapter").err().lines())
                .containsExactly("error: adapter: the adapter has no adapter_model.safetensors");
    }

    @Test
    void halfAModelIsNotUploaded() throws IOException {
        Path weights = folder.resolve("model/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        Cli.Result result = upload("model", "me/merged");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("model.safetensors");
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void aModelWithoutAFileThatMattersIsNotUploaded(String name) throws IOException {
        Files.delete(folder.resolve("model").resolve(name));

        assertThat(upload("model", "me/merged").code()).isEqualTo(3);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsNoModelOfTheHub() {
        Cli.Result result = upload("org/model", "me/merged");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err().lines()).containsExactly("error: org/model: no such folder");
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"merged", "a/b/c", "../x", "me/a--b", "me/x.git", ""})
    void aRepositoryNeedsAFullName(String name) {
        Cli.Result result = upload("model", name);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("not a repository name (expected ORGANISATION/NAME or USER/NAME)");
    }

    @Test
    void aBranchNeedsAName() {
        Cli.Result result = upload("model", "me/merged", "--revision", "../x");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines())
                .containsExactly("error: --revision: not a valid name of a branch (found '../x')");
    }

    @Test
    void offlineNothingIsUploaded() {
        environment.put("HF_HUB_OFFLINE", "1");

        assertThat(upload("model", "me/merged").err().lines())
                .containsExactly("error: HF_HUB_OFFLINE: nothing can be uploaded while it is set");
    }
}
