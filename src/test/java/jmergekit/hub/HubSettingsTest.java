package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @TempDir private Path folder;

    private HubSettings settings(String... variables) {
        return settings(Optional.empty(), variables);
    }

    private HubSettings settings(Optional<String> cache, String... variables) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.toString());
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return HubSettings.of(environment, cache, folder.resolve("here"));
    }

    @Test
    void withoutVariablesItIsThePublicHub() {
        HubSettings settings = settings();

        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.cache()).isEqualTo(folder.resolve(".cache/huggingface/hub"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.offline()).isFalse();
        assertThat(settings.links()).isTrue();
        assertThat(settings.patience()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "'/x' is not absolute there")
    @CsvSource({
        "XDG_CACHE_HOME, /xdg, /xdg/huggingface/hub",
        "HF_HOME, /hf, /hf/hub",
        "HF_HUB_CACHE, /cache, /cache",
        "HUGGINGFACE_HUB_CACHE, /cache, /cache",
        "TRANSFORMERS_CACHE, /cache, /cache",
    })
    void oneVariableMovesTheCache(String name, String value, Path cache) {
        assertThat(settings(name, value).cache()).isEqualTo(cache);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "'/x' is not absolute there")
    void theMostSpecificWordOnTheCacheCounts() {
        String[] all = {
            "XDG_CACHE_HOME",
            "/xdg",
            "HF_HOME",
            "/hf",
            "TRANSFORMERS_CACHE",
            "/old",
            "HF_HUB_CACHE",
            "/hub"
        };

        assertThat(settings(all).cache()).isEqualTo(Path.of("/hub"));
        assertThat(settings(Optional.of("/option"), all).cache()).isEqualTo(Path.of("/option"));
        assertThat(settings("XDG_CACHE_HOME", "/xdg", "HF_HOME", "/hf").cache())
                .isEqualTo(Path.of("/hf/hub"));
    }

    @Test
    void foldersMayBeRelativeOrInTheHome() {
        assertThat(settings("HF_HOME", "~/x").cache()).isEqualTo(folder.resolve("x/hub"));
        assertThat(settings("HF_HUB_CACHE", "x").cache()).isEqualTo(folder.resolve("here/x"));
        assertThat(settings(Optional.of("../x")).cache()).isEqualTo(folder.resolve("x"));
    }

    @Test
    void theTokenIsTakenFromTheVariablesOrTheLogin() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "of-a-file\n");

        assertThat(settings("HF_TOKEN", "a", "HUGGING_FACE_HUB_TOKEN", "b").token())
                .contains(new Token("a"));
        assertThat(settings("HF_TOKEN", " ", "HUGGING_FACE_HUB_TOKEN", "b").token())
                .contains(new Token("b"));
        assertThat(settings("HF_TOKEN_PATH", file.toString()).token())
                .contains(new Token("of-a-file"));
        assertThat(settings("HF_HOME", folder.toString()).token()).contains(new Token("of-a-file"));
        assertThat(settings("HF_HOME", folder.toString(), "HF_TOKEN", "a").token())
                .contains(new Token("a"));
    }

    @Test
    void theTokenIsNeverPrinted() {
        assertThat(settings("HF_TOKEN", "hf_secret")).asString().doesNotContain("hf_secret");
        assertThatThrownBy(() -> settings("HF_TOKEN", "hf_secret\nhf_other"))
                .isInstanceOf(MergeException.class)
                .hasMessage("HF_TOKEN: does not hold a valid access token (expected one word)");
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "on, true",
        "Yes, true",
        "TRUE, true",
        "0, false",
        "no, false",
        "2, false"
    })
    void switchesAreReadAsTheHubsClientReadsThem(String value, boolean on) {
        assertThat(settings("HF_HUB_OFFLINE", value).offline()).isEqualTo(on);
        assertThat(settings("HF_HUB_DISABLE_SYMLINKS", value).links()).isEqualTo(!on);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "huggingface.co",
                "ftp://x",
                "https://",
                "http://a b",
                "https://u:p@x",
                "https://x?y"
            })
    void anEndpointThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> settings("HF_ENDPOINT", text))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RECIPE))
                .hasMessageStartingWith("HF_ENDPOINT: not a valid address of a hub");
    }

    @Test
    void anEndpointMayHaveAPath() {
        HubSettings settings = settings("HF_ENDPOINT", "https://mirror.example/hf/");

        assertThat(settings.address("/a/b")).hasToString("https://mirror.example/hf/a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/x, true",
        "https://hub.example:443/x, true",
        "https://HUB.example/x, true",
        "http://hub.example/x, false",
        "https://hub.example:444/x, false",
        "https://cdn.hub.example/x, false",
        "https://hub.example.evil.example/x, false",
    })
    void onlyTheHubItselfIsTheHub(URI address, boolean hub) {
        assertThat(settings("HF_ENDPOINT", "https://hub.example").isHub(address)).isEqualTo(hub);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "99999999"})
    void aTimeoutThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> settings("HF_HUB_DOWNLOAD_TIMEOUT", text))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("HF_HUB_DOWNLOAD_TIMEOUT: not a number of seconds");
    }

    @Test
    void proxiesAreThoseOfTheEnvironment() {
        EnvironmentProxy proxy =
                settings(
                                "HTTPS_PROXY",
                                "http://p.example:3128",
                                "no_proxy",
                                ".intern.example, other.example")
                        .proxy();
        Proxy expected =
                new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("p.example", 3128));

        assertThat(proxy.select(URI.create("https://hub.example/x"))).containsExactly(expected);
        assertThat(proxy.select(URI.create("https://a.intern.example/x")))
                .containsExactly(Proxy.NO_PROXY);
        assertThat(proxy.select(URI.create("https://other.example/x")))
                .containsExactly(Proxy.NO_PROXY);
        assertThat(proxy.select(URI.create("https://another.example/x"))).containsExactly(expected);
        assertThat(proxy.select(URI.create("https://localhost/x"))).containsExactly(Proxy.NO_PROXY);
        assertThat(proxy.select(URI.create("http://hub.example/x")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://p", "http://", "http://a b"})
    void aProxyThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> settings("HTTPS_PROXY", text))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("HTTPS_PROXY: does not name an HTTP proxy");
    }

    @Test
    void aPasswordInTheEndpointIsNotPrinted() {
        assertThatThrownBy(() -> settings("HF_ENDPOINT", "https://me:hunter2@hub.example"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("https://(hidden)@hub.example")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "http://hub.example, true",
        "https://hub.example, false",
        "http://127.0.0.1:8080, false",
        "http://localhost, false",
    })
    void aTokenWithoutEncryptionDrawsAWarning(String endpoint, boolean exposed) {
        HubSettings settings =
                HubSettings.of(
                        Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", "hf_x", "HF_HOME", "none"),
                        Optional.empty(),
                        Path.of("").toAbsolutePath());

        assertThat(settings.exposed().isPresent()).isEqualTo(exposed);
    }
}
