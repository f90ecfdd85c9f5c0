package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.StoredFile;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;

/// A hub that never ends, and a cache that somebody else has prepared.
class HostileHubTest extends HubCase {
    private static final String COMMIT = "0123456789012345678901234567890123456789";

    private Path blob() {
        StoredFile file = at.repository.files("main").get("model.safetensors");
        return at.cache().resolve("blobs").resolve(file.sha256());
    }

    private void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    @Test
    void aPlantedBlobOfTheRightLengthIsDownloadedAnew() throws IOException {
        Files.createDirectories(blob().getParent());
        Files.copy(at.weights(), blob());
        damage(blob());

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(at.notes)
                .contains(
                        "org/tiny/model.safetensors: the cached copy does not match its hash; not"
                                + " used");
    }

    @Test
    void aBlobThatChangesLaterIsDownloadedAnew() throws IOException {
        at.download();
        damage(blob());

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
    }

    @Test
    void aSoundBlobOfAnotherClientIsTakenAndReadOnce() throws IOException {
        Files.createDirectories(blob().getParent());
        Files.copy(at.weights(), blob());

        at.download();

        assertThat(at.requestsForWeights()).doesNotContain("GET");
        assertThat(at.cache().resolve("verified").resolve(blob().getFileName())).exists();
    }

    @Test
    void anIncompleteFileThatIsALinkIsNotFollowed() throws IOException {
        Path mine = Files.writeString(at.folder.resolve("mine.txt"), "precious");
        Path incomplete = blob().resolveSibling(blob().getFileName() + ".jmergekit.incomplete");
        Files.createDirectories(incomplete.getParent());
        Files.createSymbolicLink(incomplete, mine);

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(mine).hasContent("precious");
    }

    @Test
    void anIncompleteFileWithASecondNameIsNotWrittenTo() throws IOException {
        Path mine = Files.writeString(at.folder.resolve("mine.txt"), "precious");
        Path incomplete = blob().resolveSibling(blob().getFileName() + ".jmergekit.incomplete");
        Files.createDirectories(incomplete.getParent());
        Files.createLink(incomplete, mine);

        at.download();

        assertThat(mine).hasContent("precious");
    }

    @Test
    void aFailedLookUpIsNotRepeated() {
        at.server.fail("GET /api/models/.*", Fault.status(404), Fault.status(404));
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub)).isInstanceOf(MergeException.class);
            assertThatThrownBy(() -> at.open(hub))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("no such model");
        }
        assertThat(at.notes).containsOnlyOnce("looking up org/tiny");
    }

    @Test
    void aListWithoutEndIsRefused() throws IOException {
        assertRefused(
                (path, out) -> out.write("[]".getBytes(StandardCharsets.UTF_8)),
                "the hub's list of files does not end (expected at most 200 pages in 120 s)");
    }

    @Test
    void anAnswerThatDripsIsGivenUp() throws IOException {
        at.environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "2");
        assertRefused(
                (path, out) -> {
                    for (int i = 0; i < 20; i++) {
                        out.write(' ');
                        out.flush();
                        pause();
                    }
                },
                "the server took over 4 s to send");
        assertThat(at.notes).anyMatch(n -> n.contains("waiting for the rest of the hub's answer"));
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Listing {
        void write(String path, OutputStream out) throws IOException;
    }

    /// Opens a model of a server that lists its files so.
    private void assertRefused(Listing listing, String message) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    exchange.getResponseHeaders()
                            .add("Link", "<%s%s>; rel=\"next\"".formatted(address, path));
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        if (path.contains("/tree/")) {
                            listing.write(path, out);
                        } else {
                            out.write(
                                    "{\"sha\":\"%s\"}"
                                            .formatted(COMMIT)
                                            .getBytes(StandardCharsets.UTF_8));
                        }
                    }
                });
        server.start();
        try (Hub hub = at.hub()) {
            at.environment.put("HF_ENDPOINT", address);
            assertThatThrownBy(() -> at.open(hub))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining(message);
        } finally {
            server.stop(0);
        }
    }
}
