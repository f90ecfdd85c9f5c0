package jmergekit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.LocalPath;

/// The address of the hub, the access token, and the place of downloads: the settings that the
/// hub's own client reads from the environment, so that both share one cache and one login.
///
/// @param endpoint the hub's address, without a slash at its end
/// @param cache the folder of all repositories
/// @param offline whether only the cache may be used
/// @param links whether the cache may hold symbolic links
/// @param patience how long a server may send nothing
public record HubSettings(
        URI endpoint,
        Optional<Token> token,
        Path cache,
        boolean offline,
        boolean links,
        Duration patience,
        EnvironmentProxy proxy) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final int LONGEST_TOKEN = 10_000;
    private static final long DEFAULT_PATIENCE_SECONDS = 10;

    /// Reads the environment variables.
    ///
    /// @param cache the cache folder from the command line, if given
    /// @param workingDirectory the base of relative folders
    /// @throws MergeException if a variable is invalid
    public static HubSettings of(
            Map<String, String> environment, Optional<String> cache, Path workingDirectory) {
        return new Variables(environment, workingDirectory).settings(cache);
    }

    /// Whether an address belongs to the hub, so that it may receive the token.
    boolean isHub(URI address) {
        return endpoint.getScheme().equalsIgnoreCase(address.getScheme())
                && endpoint.getHost().equalsIgnoreCase(address.getHost())
                && port(endpoint) == port(address);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    /// The problem with sending the token, if any: without encryption, anyone on the network path
    /// can read it.
    Optional<Problem> exposed() {
        String host = endpoint.getHost();
        boolean near = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        return token.isPresent() && "http".equalsIgnoreCase(endpoint.getScheme()) && !near
                ? Optional.of(
                        Problem.usage(
                                        "HF_ENDPOINT",
                                        "your access token is sent to '%s' without encryption"
                                                .formatted(host))
                                .hint("use an address that begins with 'https://', or no token")
                                .asWarning())
                : Optional.empty();
    }

    /// An address of the hub.
    ///
    /// @param path encoded, with a slash at its start
    URI address(String path) {
        return URI.create(endpoint + path);
    }

    private record Variables(Map<String, String> environment, Path workingDirectory) {
        HubSettings settings(Optional<String> cacheOption) {
            Path home =
                    folder("HF_HOME")
                            .orElseGet(() ->
                                    folder("XDG_CACHE_HOME")
                                            .orElseGet(() -> expanded("~/.cache"))
                                            .resolve("huggingface"));
            Path cache =
                    cacheOption
                            .map(this::expanded)
                            .or(() -> folder("HF_HUB_CACHE"))
                            .or(() -> folder("HUGGINGFACE_HUB_CACHE"))
                            .or(() -> folder("TRANSFORMERS_CACHE"))
                            .orElseGet(() -> home.resolve("hub"));
            return new HubSettings(
                    endpoint(),
                    token(home),
                    cache,
                    isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE"),
                    !isSet("HF_HUB_DISABLE_SYMLINKS"),
                    patience(),
                    new EnvironmentProxy(environment));
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
        }

        private boolean isSet(String name) {
            return text(name).map(v -> YES.contains(v.toUpperCase(Locale.ROOT))).orElse(false);
        }

        private Optional<Path> folder(String name) {
            return text(name).map(this::expanded);
        }

        // Python uses HOME, the JVM the user database; in a container they may differ.
        private Path expanded(String path) {
            String home = text("HOME").orElseGet(() -> System.getProperty("user.home", ""));
            try {
                return LocalPath.of(path, workingDirectory, home).normalize();
            } catch (InvalidPathException e) {
                throw new MergeException(Problem.usage(path, "not a valid path"), e);
            }
        }

        private URI endpoint() {
            String text = text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).strip();
            try {
                URI endpoint = new URI(text.replaceAll("/+$", ""));
                boolean usable =
                        Set.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
                                && endpoint.getHost() != null
                                && endpoint.getRawQuery() == null
                                && endpoint.getRawUserInfo() == null;
                if (usable) {
                    return endpoint;
                }
            } catch (URISyntaxException e) {
                // Reported below, like other invalid addresses.
            }
            throw new MergeException(
                    Problem.usage("HF_ENDPOINT", "not a valid address of a hub")
                            .expected("an address such as '" + DEFAULT_ENDPOINT + "'")
                            .found("'" + text.replaceFirst("//.*@", "//(hidden)@") + "'")
                            .hint(
                                    text.contains("@")
                                            ? "omit name and password; use HF_TOKEN to log in"
                                            : "check its spelling"));
        }

        private Optional<Token> token(Path home) {
            for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
                Optional<String> text = text(name);
                if (text.isPresent()) {
                    return token(name, text.get());
                }
            }
            Path file = folder("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"));
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(LONGEST_TOKEN);
                return token(file.toString(), new String(bytes, StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new MergeException(
                        Problem.usage(file.toString(), "the access token cannot be read")
                                .found(e.getClass().getSimpleName()),
                        e);
            }
        }

        private static Optional<Token> token(String where, String text) {
            try {
                return Token.of(text);
            } catch (IllegalArgumentException e) {
                throw new MergeException(
                        Problem.usage(where, "does not hold a valid access token")
                                .expected("one word"),
                        e);
            }
        }

        private Duration patience() {
            String text = text("HF_HUB_DOWNLOAD_TIMEOUT").orElse("").strip();
            if (text.isEmpty()) {
                return Duration.ofSeconds(DEFAULT_PATIENCE_SECONDS);
            }
            if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1) {
                throw new MergeException(
                        Problem.usage("HF_HUB_DOWNLOAD_TIMEOUT", "not a number of seconds")
                                .expected("a whole number, 1 or more")
                                .found("'" + text + "'"));
            }
            return Duration.ofSeconds(Integer.parseInt(text));
        }
    }
}
