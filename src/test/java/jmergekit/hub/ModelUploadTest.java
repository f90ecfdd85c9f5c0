package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Received;
import jmergekit.fixture.hub.Repository;
import jmergekit.fixture.hub.StoredFile;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelUploadTest extends HubCase {
    private static final String REPO = "me/merged";

    @BeforeEach
    void start() throws IOException {
        at.environment.put("HF_TOKEN", HubServer.TOKEN);
        Files.writeString(at.model.resolve("README.md"), "a card, mit Umlaut: ä\n");
        Files.createFile(at.model.resolve("empty.txt"));
        Files.createDirectories(at.model.resolve("1_Dense"));
        Files.writeString(at.model.resolve("1_Dense/model.safetensors"), "small");
        Files.writeString(at.model.resolve(".hidden"), "x");
        Files.createDirectories(at.model.resolve(".cache"));
        Files.writeString(at.model.resolve(".cache/x"), "x");
    }

    private String upload() {
        return upload(new UploadTarget(new RepoId(REPO), false, "main", "new model"));
    }

    private String upload(UploadTarget target) {
        return at.upload(target);
    }

    private Repository uploaded() {
        return at.server.find(REPO).orElseThrow();
    }

    private void assertComplete(String branch) {
        Map<String, StoredFile> files = uploaded().files(branch);
        assertThat(files.keySet())
                .containsExactly(
                        "1_Dense/model.safetensors",
                        "README.md",
                        "config.json",
                        "empty.txt",
                        "model.safetensors");
        files.forEach((path, file) ->
                assertThat(file.content()).hasSameBinaryContentAs(at.model.resolve(path)));
    }

    private List<String> puts() {
        return at.server.receivedByStorage().stream().map(Received::toString).sorted().toList();
    }

    @Test
    void aFolderBecomesOneCommit() {
        String page = upload();

        assertComplete("main");
        assertThat(page).isEqualTo(at.server.endpoint() + "/me/merged/commit/x");
        assertThat(uploaded().lastMessage()).isEqualTo("new model");
        assertThat(uploaded().access()).isEqualTo(Repository.Access.PUBLIC);
        assertThat(at.server.receivedByStorage())
                .isNotEmpty()
                .allMatch(r -> r.authorization().isEmpty());
    }

    @Test
    void largeFilesGoInParts() throws IOException {
        upload();

        long parts = Math.ceilDiv(Files.size(at.weights()), 40_000);
        String sha256 = StoredFile.sha256(at.weights());
        assertThat(puts().stream().filter(p -> p.contains(sha256)))
                .hasSize((int) parts)
                .contains("PUT /objects/" + sha256 + ".1");
        assertThat(at.notes).containsExactly("hashing 2 files", "uploading 2 files");
        assertThat(at.moved.get()).isEqualTo(2 * (Files.size(at.weights()) + 5));
    }

    @Test
    void nothingIsSentTwice() {
        upload();
        at.server.forgetRequests();
        at.notes.clear();

        upload();

        assertComplete("main");
        assertThat(puts()).isEmpty();
        assertThat(at.notes)
                .containsExactly("hashing 2 files", "2 file(s) are already in the hub's storage");
    }

    @Test
    void aPrivateRepositoryIsPrivateFromTheStart() {
        upload(new UploadTarget(new RepoId(REPO), true, "main", "m"));

        assertThat(uploaded().access()).isEqualTo(Repository.Access.PRIVATE);
    }

    @Test
    void anExistingRepositoryStaysAsOpenAsItIs() {
        upload();

        upload(new UploadTarget(new RepoId(REPO), true, "main", "m"));

        assertThat(uploaded().access()).isEqualTo(Repository.Access.PUBLIC);
        assertThat(at.notes).contains("me/merged already exists; its visibility is not changed");
    }

    @Test
    void anotherBranchIsMadeAndUsed() {
        upload();
        Map<String, StoredFile> before = Map.copyOf(uploaded().files("main"));

        upload(new UploadTarget(new RepoId(REPO), false, "v2", "m"));
        upload(new UploadTarget(new RepoId(REPO), false, "v2", "m"));

        assertComplete("v2");
        assertThat(uploaded().files("main")).isEqualTo(before);
    }

    @Test
    void weightsOfAnEarlierModelAreRemoved() throws IOException {
        Path weights = at.weights();
        for (String name :
                List.of(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "adapter_model.safetensors",
                        "notes.json")) {
            Files.copy(weights, at.model.resolve(name));
        }
        upload();
        for (String name : uploaded().files("main").keySet()) {
            if (!List.of("README.md", "config.json", "model.safetensors").contains(name)) {
                Files.delete(at.model.resolve(name));
            }
        }

        upload();

        assertThat(uploaded().files("main").keySet())
                .containsExactly(
                        "1_Dense/model.safetensors",
                        "README.md",
                        "adapter_model.safetensors",
                        "config.json",
                        "empty.txt",
                        "model.safetensors",
                        "notes.json");
        assertThat(at.notes)
                .contains(
                        "removing the weights of an earlier model: model-00001-of-00002.safetensors,"
                                + " model-00002-of-00002.safetensors, model.safetensors.index.json");
    }

    /// Loaders take safetensors where there are both.
    @Test
    void theWeightsOfAnEarlierModelGoInWhicheverFormatTheyAre() throws IOException {
        upload();
        Files.move(at.weights(), at.model.resolve("pytorch_model.bin"));

        upload();

        assertThat(uploaded().files("main"))
                .containsKeys("pytorch_model.bin", "1_Dense/model.safetensors")
                .doesNotContainKey("model.safetensors");
        assertThat(at.notes)
                .contains("removing the weights of an earlier model: model.safetensors");
    }

    @Test
    void whatBringsNoWeightsRemovesNone() throws IOException {
        upload();
        Files.move(at.weights(), at.model.resolve("adapter_model.safetensors"));

        upload();

        assertThat(uploaded().files("main"))
                .containsKeys("adapter_model.safetensors", "model.safetensors");
    }

    @Test
    void ignoredFilesAreLeftOutAndNamed() throws IOException {
        Files.writeString(at.model.resolve("ignored.txt"), "x");

        upload();

        assertComplete("main");
        assertThat(at.notes).contains("me/merged/ignored.txt: skipped, because of its .gitignore");
    }

    @Test
    void aStorageInTroubleIsAskedAgain() throws IOException {
        at.server.fail("PUT .*", Fault.status(500), Fault.status(503, "Retry-After", "3"));

        upload();

        assertComplete("main");
        assertThat(at.waits)
                .containsExactlyInAnyOrder(Duration.ofSeconds(1), Duration.ofSeconds(3));
        assertThat(at.moved.get()).isEqualTo(2 * (Files.size(at.weights()) + 5));
    }

    @Test
    void anUploadThatWasStoppedGoesOn() {
        at.server.fail("POST /api/models/.*/commit/.*", Fault.status(403));
        assertThatThrownBy(this::upload).isInstanceOf(MergeException.class);
        at.server.forgetRequests();

        upload();

        assertComplete("main");
        assertThat(puts()).isEmpty();
    }

    @Test
    void aTokenThatMayOnlyWriteIsEnough() {
        upload();
        at.server.fail("POST /api/repos/create", Fault.status(403));

        upload();

        assertComplete("main");
    }
}
