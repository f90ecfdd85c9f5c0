package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.StoredFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Repositories and hubs that mean harm.
class HostileRepositoryTest extends HubCase {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.json",
                "../../refs/main.json",
                "/tmp/x.json",
                "a/../../x.json",
                "a\\..\\x.json",
                "C:x.json",
                "./x.json",
                "a//x.json",
                "x.json/",
                "a\nx.json",
                ""
            })
    void filesNeverLeaveTheirFolder(String path) throws IOException {
        Map<String, StoredFile> files = new TreeMap<>(at.repository.files("main"));
        files.put(path, renamed(path, files.get("config.json")));
        at.repository.commit("main", files);

        Path opened = at.download();

        try (Stream<Path> all = Files.walk(opened)) {
            assertThat(all.filter(f -> !Files.isDirectory(f)))
                    .containsExactlyInAnyOrder(
                            opened.resolve("config.json"), opened.resolve("model.safetensors"));
        }
        assertThat(Files.list(at.cache()).map(f -> f.getFileName().toString()))
                .isSubsetOf("blobs", "headers", "refs", "snapshots", "trees", "verified");
        assertThat(at.problems.warnings())
                .extracting(Problem::what)
                .containsExactly("lists files whose paths could lead out of its folder; ignored");
    }

    private static StoredFile renamed(String path, StoredFile file) {
        return new StoredFile(path, file.content(), file.size(), file.blobId(), file.sha256());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../x", "", "abc", "ABCDEF0123456789ABCDEF0123456789ABCDEF01"})
    void hashesThatAreNoneAreRefused(String hash) {
        at.server.fail(
                "GET /api/models/.*/tree/.*",
                new Fault.Text(
                        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":1,\"oid\":\"%s\"}]"
                                .formatted(hash)));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage("org/tiny/config.json: the hub lists the file without its hash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "\"x\"", "1e30", "null"})
    void sizesThatAreNoneAreRefused(String size) {
        at.server.fail(
                "GET /api/models/.*/tree/.*",
                new Fault.Text(
                        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":%s,\"oid\":\"%s\"}]"
                                .formatted(size, "a".repeat(40))));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("org/tiny/config.json: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "{\"sha\": \"../../x\"}", "{\"sha\": 5}", "\"x\"", "{"})
    void commitsThatAreNoneAreRefused(String response) {
        at.server.fail("GET /api/models/.*/revision/.*", new Fault.Text(response));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("org/tiny: the server does not answer like a hub");
    }

    @Test
    void anEndlessAnswerIsNotReadToItsEnd() {
        at.server.fail("GET /api/models/.*/revision/.*", new Fault.Text(" ".repeat(32_000_001)));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "org/tiny: the hub's answer is too long (expected at most 32000000 bytes)");
    }

    @Test
    void aDeepAnswerIsNoDefect() {
        at.server.fail("GET /api/models/.*/revision/.*", new Fault.Text("[".repeat(100_000)));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("does not answer like a hub");
    }

    @Test
    void aCachedTreeIsTrustedNoMoreThanTheHub() throws IOException {
        String commit = at.download().getFileName().toString();
        Path tree = at.cache().resolve("trees/" + commit + ".json");
        String hash = at.repository.files("main").get("config.json").blobId();
        Files.writeString(
                tree,
                "{\"format_version\":1,\"files\":{\"../x.json\":{\"size\":1,\"blob_id\":\"%s\"}}}"
                        .formatted(hash));

        try (Hub hub = at.hub()) {
            assertThat(at.open(hub).names()).isEmpty();
        }

        assertThat(at.problems.warnings()).hasSize(1);
        assertThat(at.cache().resolve("snapshots/x.json")).doesNotExist();
    }
}
