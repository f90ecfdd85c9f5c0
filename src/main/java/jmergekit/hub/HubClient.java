package jmergekit.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.JsonTree;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The HTTP client for the hub and for the servers that it redirects to. Only the hub itself
/// receives the token.
final class HubClient implements AutoCloseable {
    private static final Set<Integer> KEEPING_REDIRECTS = Set.of(307, 308);
    private static final Set<Integer> OTHER_REDIRECTS = Set.of(301, 302, 303);
    private static final int MOST_REDIRECTS = 10;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /// Characters that an address must encode, though some servers do not.
    private static final Pattern ILLEGAL = Pattern.compile("[ \"<>\\\\^`{|}]");

    /// The longest JSON document that is read, in bytes.
    private static final int LONGEST_JSON = 32_000_000;

    private final HubSettings settings;
    private final TransferProgress progress;
    private final Retries.Pause pause;
    // Made at its first use: most runs never contact the hub.
    private @Nullable HttpClient client;

    HubClient(HubSettings settings, TransferProgress progress, Retries.Pause pause) {
        this.settings = settings;
        this.progress = progress;
        this.pause = pause;
    }

    HubSettings settings() {
        return settings;
    }

    boolean hasToken() {
        return settings.token().isPresent();
    }

    /// Turns a response into a result.
    @FunctionalInterface
    interface Use<T> {
        T of(HubResponse response) throws IOException;
    }

    Retries retries(String where) {
        return new Retries(where, pause, progress);
    }

    /// Sends a request until a response can be used, and returns the result of `use`.
    ///
    /// @throws MergeException if the server refuses it, or fails too often
    <T> T send(HubRequest request, Use<T> use) {
        Retries retries = retries(request.where());
        while (true) {
            try (HubResponse response = once(request)) {
                return use.of(response);
            } catch (IOException e) {
                retries.failed(e);
            }
        }
    }

    /// The JSON document that a request returns.
    JsonNode json(HubRequest request) {
        return send(request, response -> json(response.orRefuse(hasToken())));
    }

    /// The JSON document in a response.
    JsonNode json(HubResponse response) throws IOException {
        String where = response.request().where();
        byte[] body =
                response.body()
                        .read(
                                LONGEST_JSON + 1,
                                bytes ->
                                        progress.note(
                                                "%s: waiting for the rest of the hub's answer (%d bytes so far)"
                                                        .formatted(where, bytes)));
        if (body.length > LONGEST_JSON) {
            throw new MergeException(
                    Problem.input(where, "the hub's answer is too long")
                            .expected("at most " + LONGEST_JSON + " bytes"));
        }
        try {
            return JsonTree.read(body);
        } catch (JacksonException e) {
            throw new MergeException(
                    Problem.input(where, "the server does not answer like a hub")
                            .found("invalid JSON from " + response.address().getAuthority())
                            .hint("check HF_ENDPOINT"),
                    e);
        }
    }

    /// Sends a request once, and follows redirects.
    ///
    /// @throws BusyException if the server cannot answer now
    /// @throws IOException if the connection fails
    HubResponse once(HubRequest request) throws IOException {
        HubRequest current = request;
        Optional<String> linkedHash = Optional.empty();
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> received = exchange(current);
            BodyReader body = new BodyReader(received.body(), settings.patience());
            boolean redirect = isRedirect(current, received.statusCode());
            if (settings.isHub(current.address())) {
                Optional<String> hash = hash(received.headers(), !redirect);
                linkedHash = hash.isPresent() ? hash : linkedHash;
            }
            if (!redirect) {
                HubResponse response =
                        new HubResponse(
                                request,
                                current.address(),
                                received.statusCode(),
                                received.headers(),
                                linkedHash,
                                body);
                if (BusyException.isBusy(response.status())) {
                    try (response) {
                        throw BusyException.of(response, Instant.now());
                    }
                }
                return response;
            }
            try (body) {
                current = current.to(target(current, received));
            }
        }
        throw new MergeException(
                Problem.input(request.where(), "the hub keeps redirecting")
                        .found(MOST_REDIRECTS + " redirects"));
    }

    // The older status codes would turn an upload into a GET.
    private static boolean isRedirect(HubRequest request, int status) {
        return KEEPING_REDIRECTS.contains(status)
                || request.isRead() && OTHER_REDIRECTS.contains(status);
    }

    // The ETag of a redirect describes the redirect, not the file.
    private static Optional<String> hash(HttpHeaders headers, boolean isFile) {
        return headers.firstValue("X-Linked-Etag")
                .or(() -> isFile ? headers.firstValue("ETag") : Optional.empty())
                .map(HubClient::unquoted)
                .filter(etag -> HASH.matcher(etag).matches());
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> exchange(HubRequest request)
            throws IOException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request.address())
                        .method(request.method(), request.body())
                        .timeout(settings.patience().plus(request.allowance()))
                        .header("User-Agent", userAgent())
                        // The length and the hash must describe the unencoded file.
                        .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::setHeader);
        if (settings.isHub(request.address())) {
            settings.token().ifPresent(t -> builder.setHeader("Authorization", t.header()));
        }
        try {
            return client().send(builder.build(), BodyHandlers.ofPublisher());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static URI target(
            HubRequest request, HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
        return response.headers()
                .firstValue("Location")
                .flatMap(location -> resolved(request.address(), location))
                .orElseThrow(() ->
                        new MergeException(
                                Problem.input(
                                                request.where(),
                                                "the hub redirects to an unsafe address")
                                        .expected("one that begins with 'https://'")));
    }

    /// Resolves an address that a server gave in a response; empty if it is invalid, or the
    /// connection would no longer be encrypted.
    static Optional<URI> resolved(URI base, String location) {
        if (location.isBlank()) {
            return Optional.empty();
        }
        try {
            String legal = ILLEGAL.matcher(location).replaceAll(c -> Revision.encode(c.group()));
            URI target = base.resolve(new URI(legal));
            boolean https = "https".equalsIgnoreCase(target.getScheme());
            boolean http = "http".equalsIgnoreCase(target.getScheme());
            boolean usable = https || http && !"https".equalsIgnoreCase(base.getScheme());
            return usable && target.getHost() != null ? Optional.of(target) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /// A hash as it names a file in the cache; `W/` marks bytes that may be encoded differently.
    static String unquoted(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    private static String userAgent() {
        String version = HubClient.class.getPackage().getImplementationVersion();
        return "jmergekit/" + (version == null ? "unknown" : version);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client =
                    HttpClient.newBuilder()
                            // One connection for each download, as the hub's CDN prefers.
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(settings.patience())
                            .proxy(settings.proxy())
                            .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
