package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.StoredFile;
import jmergekit.problem.MergeException;
import jmergekit.safetensors.SafetensorsHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What networks and servers do to downloads, and what comes of it.
class HubFaultsTest extends HubCase {
    private static final String WEIGHTS = "GET /objects/.*";
    private static final long HEADER_REQUEST = 131_072;

    private long size;

    @BeforeEach
    void start() throws IOException {
        size = Files.size(at.weights());
    }

    private Path incomplete() {
        StoredFile file = at.repository.files("main").get("model.safetensors");
        return at.cache().resolve("blobs/" + file.sha256() + ".jmergekit.incomplete");
    }

    private void leave(byte[] start) throws IOException {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), start, StandardOpenOption.CREATE);
    }

    private byte[] firstBytes(int n) throws IOException {
        return java.util.Arrays.copyOf(Files.readAllBytes(at.weights()), n);
    }

    private void assertDownloads() {
        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(incomplete()).doesNotExist();
    }

    @Test
    void aCutConnectionGoesOnWhereItWas() throws IOException {
        headerFirst();
        at.server.fail(WEIGHTS, new Fault.Cut(200_000), new Fault.Cut(100_000));

        assertDownloads();

        assertThat(at.requestsForWeights())
                .containsExactly("GET", "GET 200000-" + (size - 1), "GET 300000-" + (size - 1));
        assertThat(at.waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(at.moved).hasValue(size);
    }

    // The fault is then for the weights, not for their header.
    private void headerFirst() {
        try (Hub hub = at.hub()) {
            at.open(hub).header(SafetensorsHeader.FORMAT, "model.safetensors");
        }
        at.server.forgetRequests();
        at.notes.clear();
    }

    @Test
    void aConnectionThatIsCutTooOftenLeavesWhatCame() throws IOException {
        headerFirst();
        at.server.fail(WEIGHTS, new Fault.Cut(150_000));
        at.server.fail(
                WEIGHTS, new Fault.Cut(0), new Fault.Cut(0), new Fault.Cut(0), new Fault.Cut(0));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "org/tiny/model.safetensors: the connection to the hub failed (found the"
                                + " connection was closed); check the connection, HF_ENDPOINT and"
                                + " HTTPS_PROXY, and try again: what has been transferred is"
                                + " kept");

        assertThat(at.waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
        assertThat(incomplete()).hasSize(150_000);
        at.server.forgetRequests();
        assertDownloads();
        assertThat(at.requestsForWeights()).containsExactly("GET 150000-" + (size - 1));
    }

    @Test
    void whatAnEarlierRunLeftIsUsed() throws IOException {
        leave(firstBytes(300_000));

        assertDownloads();

        assertThat(at.requestsForWeights())
                .containsExactly("GET 0-" + (HEADER_REQUEST - 1), "GET 300000-" + (size - 1));
    }

    @Test
    void wrongBytesOfAnEarlierRunAreFetchedAgain() throws IOException {
        leave(new byte[300_000]);

        assertDownloads();

        assertThat(at.notes)
                .contains(
                        "org/tiny/model.safetensors: the bytes do not match their hash; starting"
                                + " again");
    }

    @Test
    void moreBytesThanTheFileHasAreDropped() throws IOException {
        leave(new byte[(int) size + 1]);

        assertDownloads();
    }

    @Test
    void oneWrongByteIsNoticedAndFetchedAgain() {
        headerFirst();
        at.server.fail(WEIGHTS, new Fault.Corrupt());

        assertDownloads();
    }

    @Test
    void aFileThatNeverHasItsHashIsRefused() throws IOException {
        headerFirst();
        StoredFile file = at.repository.files("main").get("model.safetensors");
        at.server.fail(WEIGHTS, new Fault.Corrupt(), new Fault.Corrupt());

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(
                        "org/tiny/model.safetensors: the bytes do not match their hash (expected "
                                + file.sha256()
                                + ", found ");
        assertThat(at.cache().resolve("blobs/" + file.sha256())).doesNotExist();
        assertThat(incomplete()).isEmptyFile();
    }

    @Test
    void aSmallFileIsCheckedToo() {
        String config = "GET /api/resolve-cache/.*config.json";
        at.server.fail(config, new Fault.Corrupt(), new Fault.Corrupt());

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("org/tiny/config.json: the bytes do not match their hash");
    }

    @Test
    void anIgnoredRangeStartsAnew() throws IOException {
        headerFirst();
        leave(firstBytes(300_000));
        at.server.fail(WEIGHTS, new Fault.IgnoredRange());

        assertDownloads();

        assertThat(at.moved).hasValue(size);
    }

    @Test
    void aRangeAtAnotherPlaceStartsAnew() throws IOException {
        headerFirst();
        leave(firstBytes(300_000));
        at.server.fail(WEIGHTS, new Fault.ShiftedRange());

        assertDownloads();

        assertThat(at.requestsForWeights()).containsExactly("GET 300000-" + (size - 1), "GET");
    }

    @Test
    void aHeaderRequestMayGetTheWholeFile() {
        at.server.fail(WEIGHTS, new Fault.IgnoredRange());

        assertDownloads();
    }

    @Test
    void aServerThatFallsSilentIsLeft() {
        headerFirst();
        at.environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "1");
        at.server.fail(WEIGHTS, new Fault.Silence());

        assertDownloads();

        assertThat(at.notes)
                .contains(
                        "org/tiny/model.safetensors: the server sent nothing for 1 s; trying again"
                                + " in 1 s");
    }

    @Test
    void aFileThatIsNotTheListedOneIsNotDownloaded() {
        headerFirst();
        StoredFile file = at.repository.files("main").get("model.safetensors");
        at.server.showHash(file, "0".repeat(64));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "org/tiny/model.safetensors: the file is not the one in the hub's list"
                                + " (expected hash %s, found %s)"
                                        .formatted(file.sha256(), "0".repeat(64))
                                + "; run again; if that does not help, HF_ENDPOINT names a stale"
                                + " mirror");
    }

    @Test
    void aFileThatDiffersFromItsHeaderIsNotUsed() throws IOException {
        headerFirst();
        Path header =
                at.cache()
                        .resolve("headers")
                        .resolve(at.repository.files("main").get("model.safetensors").sha256());
        String text = Files.readString(header, java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.writeString(
                header,
                text.replace("norm.weight", "morn.weight"),
                java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("differs from what the hub sent before");

        assertDownloads();
    }

    @Test
    void aDamagedHeaderIsFetchedAgainByTheNextRun() throws IOException {
        headerFirst();
        Path header =
                at.cache()
                        .resolve("headers")
                        .resolve(at.repository.files("main").get("model.safetensors").sha256());
        Files.write(header, new byte[100]);

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the header is not a JSON object");

        assertDownloads();
    }

    @Test
    void oneFailureStopsTheOtherDownloads() throws IOException {
        Files.write(at.model.resolve("other.safetensors"), new byte[100_000]);
        at.repository.commit("main", at.model);
        StoredFile weights = at.repository.files("main").get("model.safetensors");
        at.server.fail("GET /objects/" + weights.sha256() + ".*", Fault.status(403));
        try (Hub hub = at.hub()) {
            Path opened = at.open(hub).path();
            FetchList list = hub.fetchList();
            list.add(opened, path -> path.endsWith(".safetensors"));

            assertThatThrownBy(list::run)
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining(
                            "org/tiny/model.safetensors: the hub does not allow this");
        }
        assertThat(at.requestsForWeights().size()).isBetween(1, 2);
    }

    @Test
    void waitsAreNotCountedAgainstAProgressingDownload() {
        headerFirst();
        for (int i = 0; i < 9; i++) {
            at.server.fail(WEIGHTS, new Fault.Cut(50_000));
        }

        assertDownloads();

        assertThat(at.waits).hasSizeGreaterThan(5).containsOnly(Duration.ofSeconds(1));
        assertThat(List.copyOf(at.requestsForWeights())).hasSizeGreaterThan(5);
    }
}
