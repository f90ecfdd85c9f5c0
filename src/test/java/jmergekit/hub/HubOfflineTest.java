package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.weights.WeightFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the cache does when the hub may not or cannot be asked.
class HubOfflineTest extends HubCase {
    private void goOffline() {
        at.environment.put("HF_HUB_OFFLINE", "1");
        at.server.forgetRequests();
    }

    private void assertReadable() {
        try (Hub hub = at.hub()) {
            assertThat(at.open(hub).header(SafetensorsHeader.FORMAT, "model.safetensors").entries())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"})
    void aDownloadedModelIsReadWithoutTheHub(String variable) {
        at.download();
        at.server.forgetRequests();
        at.environment.put(variable, "true");

        assertReadable();

        assertThat(at.server.received()).isEmpty();
        assertThat(at.problems.all()).isEmpty();
    }

    @Test
    void aModelThatAnotherClientDownloadedIsReadToo() throws IOException {
        String commit = at.download().getFileName().toString();
        Files.delete(at.cache().resolve("trees/" + commit + ".json"));
        goOffline();

        assertReadable();
    }

    @Test
    void aModelThatIsNotInTheCacheIsRefused() {
        goOffline();
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            "org/tiny: not in the download cache, and downloads are off (expected '"
                                    + at.cache()
                                    + "'); unset HF_HUB_OFFLINE, or name another cache folder");
        }
    }

    @Test
    void weightsThatAreNotInTheCacheAreRefused() {
        try (Hub hub = at.hub()) {
            at.open(hub);
        }
        goOffline();
        try (Hub hub = at.hub()) {
            WeightFolder opened = at.open(hub);
            opened.prepare(SafetensorsHeader.FORMAT, opened.names());

            assertThatThrownBy(() -> opened.header(SafetensorsHeader.FORMAT, "model.safetensors"))
                    .isInstanceOf(MergeException.class)
                    .hasMessageStartingWith(
                            "org/tiny/model.safetensors: not in the download cache");
        }
        assertThat(at.server.received()).isEmpty();
    }

    @Test
    void aSmallFileThatIsNotInTheCacheIsMentioned() throws IOException {
        Path opened = at.download();
        Files.delete(opened.resolve("config.json"));
        goOffline();

        assertReadable();

        assertThat(at.problems.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "org/tiny: not all of its files are in the download cache (found no"
                                + " 'config.json')");
    }

    @Test
    void aHubThatCannotBeReachedIsReplacedByTheCache() {
        Path opened = at.download();
        at.server.close();

        assertReadable();

        assertThat(at.problems.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "org/tiny: the hub cannot be reached (found no connection); used instead: "
                                + opened);
        assertThat(at.waits).hasSize(1);
    }

    @Test
    void aHubThatRefusesIsNotReplacedByTheCache() {
        at.download();
        at.environment.put("HF_TOKEN", "hf_old");
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("does not accept your access token");
        }
    }

    @Test
    void aHubThatCannotBeReachedAndNoCacheIsTold() {
        at.environment.put("HF_ENDPOINT", "http://no-such-host.invalid");
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub, Optional.empty()))
                    .isInstanceOf(MergeException.class)
                    .hasMessageStartingWith(
                            "org/tiny: the hub cannot be reached (found no such host)");
        }
    }

    @Test
    void abrokenRefIsNoRef() throws IOException {
        at.download();
        Files.writeString(at.cache().resolve("refs/main"), "../../../x");
        goOffline();
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("not in the download cache");
        }
    }
}
