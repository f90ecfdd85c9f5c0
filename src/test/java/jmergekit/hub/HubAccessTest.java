package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.fixture.hub.Fault;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Received;
import jmergekit.fixture.hub.Repository.Access;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may see what, and what the others are told.
class HubAccessTest {
    private static final String LOG_IN =
            "set HF_TOKEN to your access token, or log in with 'hf auth login'";

    @TempDir private Path folder;
    private @Nullable HubFixture fixture;

    private HubFixture start(Access access) {
        fixture = new HubFixture(folder, access);
        return fixture;
    }

    @AfterEach
    void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static void assertRefused(HubFixture at, String message) {
        assertThatThrownBy(at::download)
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .hasMessage(message);
    }

    @Test
    void aPrivateModelIsDownloadedWithTheToken() {
        HubFixture at = start(Access.PRIVATE);
        at.environment.put("HF_TOKEN", " " + HubServer.TOKEN + "\n");

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
    }

    @Test
    void theTokenIsToldToTheHubAlone() {
        HubFixture at = start(Access.PRIVATE);
        at.environment.put("HF_TOKEN", HubServer.TOKEN);
        at.download();

        assertThat(at.server.received())
                .isNotEmpty()
                .allMatch(r -> r.authorization().equals(Optional.of("Bearer " + HubServer.TOKEN)));
        assertThat(at.server.receivedByStorage())
                .isNotEmpty()
                .extracting(Received::authorization)
                .containsOnly(Optional.empty());
    }

    @Test
    void theTokenOfALoginIsFound() throws IOException {
        HubFixture at = start(Access.PRIVATE);
        Path home = Files.createDirectories(at.folder.resolve("home"));
        Files.writeString(home.resolve("token"), HubServer.TOKEN + "\n");

        assertThat(at.download().resolve("model.safetensors")).exists();
    }

    @Test
    void aPrivateModelIsNotToldFromNone() {
        assertRefused(
                start(Access.PRIVATE),
                "org/tiny: the hub has no such model, or you may not see it; check the name; for a"
                        + " private model, "
                        + LOG_IN);
    }

    @Test
    void aWrongTokenIsSaidToBeWrong() {
        HubFixture at = start(Access.PUBLIC);
        at.environment.put("HF_TOKEN", "hf_old");

        assertRefused(
                at,
                "org/tiny: the hub does not accept your access token; check HF_TOKEN, or log in again"
                        + " with 'hf auth login'");
    }

    @Test
    void aGatedModelSaysWhereToAsk() {
        HubFixture at = start(Access.GATED);
        String page = at.server.endpoint() + "/org/tiny";

        assertRefused(
                at,
                "org/tiny/config.json: a gated model: its owners must grant you access first;"
                        + " request access at "
                        + page
                        + ", then "
                        + LOG_IN);

        at.environment.put("HF_TOKEN", HubServer.TOKEN);
        assertRefused(
                at,
                "org/tiny/config.json: a gated model: its owners must grant you access first;"
                        + " request access at "
                        + page);
    }

    @Test
    void aRevisionThatIsNotThereIsNamed() {
        HubFixture at = start(Access.PUBLIC);
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub, Optional.of("v9")))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            "org/tiny: the repository has no such revision; '@' is followed by a"
                                    + " branch, a tag or a commit");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../x",
                "refs/../../x",
                "a//b",
                "/a",
                "a/",
                ".",
                "a.lock",
                "a b",
                "a\\b",
                "C:x",
                "a\u0000"
            })
    void aRevisionThatCannotBeOneIsNotAskedFor(String revision) {
        HubFixture at = start(Access.PUBLIC);
        try (Hub hub = at.hub()) {
            assertThatThrownBy(() -> at.open(hub, Optional.of(revision)))
                    .isInstanceOf(MergeException.class)
                    .hasMessageStartingWith("org/tiny: not a valid name of a revision (found '");
        }
        assertThat(at.server.received()).isEmpty();
        assertThat(at.folder.resolve("home")).doesNotExist();
    }

    @Test
    void aFileThatIsGoneIsNamed() {
        HubFixture at = start(Access.PUBLIC);
        at.server.fail(
                "GET /org/tiny/resolve/.*/config.json",
                Fault.status(404, "X-Error-Code", "EntryNotFound"));

        assertRefused(at, "org/tiny/config.json: the repository has no such file");
    }

    @Test
    void otherRefusalsSayWhatTheHubSays() {
        HubFixture at = start(Access.PUBLIC);
        at.server.fail(
                "GET /api/.*",
                Fault.status(403, "X-Error-Message", "Access to this resource is disabled."));
        at.server.fail("GET /api/.*", Fault.status(418));

        assertRefused(
                at,
                "org/tiny: the hub does not allow this (found HTTP 403: Access to this resource is"
                        + " disabled.); "
                        + LOG_IN);
        assertThatThrownBy(at::download)
                .hasMessageStartingWith("org/tiny: the server at 127.0.0.1:")
                .hasMessageEndingWith(" refused the request (found HTTP 418)");
    }

    @Test
    void aProxyIsUsedForAllButThisMachine() {
        HubFixture at = start(Access.PUBLIC);
        at.environment.put("HF_ENDPOINT", "http://hub.example");
        at.environment.put("http_proxy", at.server.endpoint());

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());
        assertThat(at.server.received())
                .isNotEmpty()
                .allMatch(r -> r.path().startsWith("http://hub.example/"));
    }
}
