package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.hub.Received;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightHeader;
import org.junit.jupiter.api.Test;

/// Models looked up and downloaded when nothing goes wrong.
class HubDownloadTest extends HubCase {
    @Test
    void smallFilesAreDownloadedWhenAModelIsOpened() {
        try (Hub hub = at.hub()) {
            Path opened = at.open(hub).path();

            assertThat(opened.resolve("config.json"))
                    .hasSameBinaryContentAs(at.model.resolve("config.json"));
            assertThat(opened.resolve("model.safetensors")).doesNotExist();
            assertThat(at.server.receivedByStorage()).isEmpty();
        }
    }

    @Test
    void headersComeWithoutTheWeights() throws IOException {
        try (Hub hub = at.hub()) {
            WeightFolder opened = at.open(hub);

            WeightHeader header = opened.header(SafetensorsHeader.FORMAT, "model.safetensors");

            assertThat(header.entries()).isEqualTo(SafetensorsHeader.read(at.weights()).entries());
            assertThat(header.file()).isEqualTo(opened.path().resolve("model.safetensors"));
            assertThat(at.requestsForWeights()).containsExactly("GET 0-131071");
            assertThat(Files.size(at.weights())).isGreaterThan(131_072);
        }
    }

    @Test
    void aLongHeaderComesInTwoRequests() throws IOException {
        TinyModel model = TinyModel.llama(160, 200, false, 1);
        model.write(at.model, "F32");
        at.repository.commit("main", at.model);
        byte[] prefix = Files.readAllBytes(at.weights());
        long length =
                java.nio.ByteBuffer.wrap(prefix).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
        try (Hub hub = at.hub()) {
            WeightHeader header =
                    at.open(hub).header(SafetensorsHeader.FORMAT, "model.safetensors");

            assertThat(length).isGreaterThan(131_072 - 8);
            assertThat(header.entries()).hasSize(160 * 9 + 3);
            assertThat(at.requestsForWeights())
                    .containsExactly("GET 0-131071", "GET 131072-" + (8 + length - 1));
        }
    }

    @Test
    void aDownloadedModelIsTheModel() {
        Path downloaded = at.download();

        assertThat(downloaded.resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(at.requestsForWeights()).containsExactly("GET 0-131071", "GET");
        assertThat(at.notes).containsExactly("looking up org/tiny", "downloading 1 files");
    }

    @Test
    void theCacheHasTheLayoutOfTheHubsClient() throws IOException {
        Path downloaded = at.download();

        String commit =
                at.repository.files("main").isEmpty() ? "" : downloaded.getFileName().toString();
        String weights = at.repository.files("main").get("model.safetensors").sha256();
        String config = at.repository.files("main").get("config.json").blobId();
        assertThat(paths(at.folder.resolve("home/hub")))
                .containsExactly(
                        ".locks/models--org--tiny/" + config + ".lock",
                        ".locks/models--org--tiny/" + weights + ".lock",
                        "models--org--tiny/blobs/" + config,
                        "models--org--tiny/blobs/" + weights,
                        "models--org--tiny/refs/main",
                        "models--org--tiny/snapshots/" + commit + "/config.json",
                        "models--org--tiny/snapshots/" + commit + "/model.safetensors",
                        "models--org--tiny/trees/" + commit + ".json",
                        "models--org--tiny/verified/" + config,
                        "models--org--tiny/verified/" + weights);
        assertThat(at.cache().resolve("refs/main")).hasContent(commit);
        assertThat(Files.readSymbolicLink(downloaded.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs", weights));
    }

    private static List<String> paths(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> !Files.isDirectory(f))
                    .map(f -> root.relativize(f).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothingIsDownloadedTwice() {
        at.download();
        at.server.forgetRequests();

        at.download();

        assertThat(at.server.received().stream().map(Received::toString))
                .containsExactly("GET /api/models/org/tiny/revision/main");
        assertThat(at.server.receivedByStorage()).isEmpty();
    }

    @Test
    void aKnownCommitNeedsNoLookUp() {
        String commit = at.download().getFileName().toString();
        at.server.forgetRequests();
        try (Hub hub = at.hub()) {
            assertThat(
                            at.open(hub, Optional.of(commit))
                                    .header(SafetensorsHeader.FORMAT, "model.safetensors")
                                    .entries())
                    .isNotEmpty();
        }

        assertThat(at.server.received()).isEmpty();
    }

    @Test
    void aBranchMayHaveASlash() {
        String commit = at.repository.commit("refs/pr/1", at.model);
        try (Hub hub = at.hub()) {
            Path opened = at.open(hub, Optional.of("refs/pr/1")).path();

            assertThat(opened).hasFileName(commit);
            assertThat(at.cache().resolve("refs/refs/pr/1")).hasContent(commit);
        }
    }

    @Test
    void aBranchThatMovedIsDownloadedAgain() {
        Path before = at.download();
        TinyModel changed = HubFixture.MODEL.tuned(3).write(at.model, "F32");
        at.repository.commit("main", at.model);

        Path after = at.download();

        assertThat(after).isNotEqualTo(before);
        assertThat(TinyModel.read(after).get("model.norm.weight").data())
                .isEqualTo(changed.data("model.norm.weight"));
    }

    @Test
    void withoutLinksFilesLieInTheSnapshot() {
        at.environment.put("HF_HUB_DISABLE_SYMLINKS", "1");

        Path downloaded = at.download();
        at.server.forgetRequests();
        at.download();

        assertThat(downloaded.resolve("model.safetensors")).isRegularFile();
        assertThat(Files.isSymbolicLink(downloaded.resolve("model.safetensors"))).isFalse();
        assertThat(downloaded.resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(at.server.receivedByStorage()).isEmpty();
    }

    @Test
    void filesOfTheSameBytesAreDownloadedOnce() throws IOException {
        Files.copy(at.weights(), at.model.resolve("copy.safetensors"));
        at.repository.commit("main", at.model);
        try (Hub hub = at.hub()) {
            Path opened = at.open(hub).path();
            FetchList list = hub.fetchList();
            list.add(opened, path -> path.endsWith(".safetensors"));
            list.run();

            assertThat(list.files()).isEqualTo(2);
            assertThat(opened.resolve("copy.safetensors")).hasSameBinaryContentAs(at.weights());
            assertThat(at.requestsForWeights()).containsExactly("GET");
        }
    }

    @Test
    void aTreeOfManyPagesIsReadToItsEnd() {
        at.server.setPageSize(1);
        try (Hub hub = at.hub()) {
            assertThat(at.open(hub).names()).containsExactly("config.json", "model.safetensors");
        }
    }

    @Test
    void anEmptyFileIsDownloadedToo() throws IOException {
        Files.createFile(at.model.resolve("empty.json"));
        at.repository.commit("main", at.model);
        try (Hub hub = at.hub()) {
            assertThat(at.open(hub).path().resolve("empty.json")).exists().isEmptyFile();
        }
    }
}
