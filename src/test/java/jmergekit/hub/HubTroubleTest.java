package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import jmergekit.fixture.hub.Fault;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hub that is busy, out of order, or none.
class HubTroubleTest extends HubCase {
    @Test
    void aBusyHubIsAskedAgainWhenItSays() {
        at.server.fail(
                "GET /api/models/.*/revision/.*",
                Fault.status(429, "Retry-After", "7"),
                Fault.status(429, "RateLimit", "\"api\";r=0;t=55"),
                Fault.status(503));

        assertThat(at.download().resolve("model.safetensors")).hasSameBinaryContentAs(at.weights());

        assertThat(at.waits).extracting(Duration::toSeconds).containsExactly(7L, 55L, 4L);
        assertThat(at.notes).contains("org/tiny: HTTP 429; trying again in 7 s");
    }

    @Test
    void aHubThatAsksForTooMuchPatienceIsLeft() {
        at.server.fail("GET /api/models/.*/revision/.*", Fault.status(429, "Retry-After", "3600"));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "org/tiny: the hub gets too many requests from you (found HTTP 429); try again"
                                + " in 3600 s");
        assertThat(at.waits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aServerInTroubleIsGivenUpAfterFiveTries(int status) {
        Fault trouble = Fault.status(status);
        at.server.fail(
                "GET /api/models/.*/revision/.*", trouble, trouble, trouble, trouble, trouble);

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "org/tiny: the hub cannot answer now (found HTTP "
                                + status
                                + "); try again later");
        assertThat(at.waits).hasSize(4);
    }

    @Test
    void redirectsWithoutEndAreNotFollowed() {
        at.server.fail(
                "GET .*",
                java.util.stream.Stream.generate(
                                () -> Fault.status(307, "Location", "/api/models/org/tiny/again"))
                        .limit(12)
                        .toArray(Fault[]::new));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessage("org/tiny: the hub keeps redirecting (found 10 redirects)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "::"})
    void redirectsToNoServerAreNotFollowed(String location) {
        at.server.fail("GET .*", Fault.status(302, "Location", location));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("redirects to an unsafe address");
    }

    @Test
    void anAnswerThatIsNotJsonIsNoHub() {
        at.server.fail("GET /api/models/.*/revision/.*", Fault.status(200));

        assertThatThrownBy(at::download)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("does not answer like a hub")
                .hasMessageContaining("check HF_ENDPOINT");
    }
}
