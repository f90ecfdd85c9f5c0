package jmergekit.evaluate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.problem.Printable;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks a server with OpenAI's interface, again where it is busy or the connection breaks. Safe to
/// use from several threads.
final class ServerClient implements AutoCloseable {
    private static final Set<Integer> AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final int LOOK_MILLIS = 50;
    private static final int MOST_BYTES = 32 << 20;
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(LONGEST_LOOK)
                    .build();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final String base;

    /// @param base as in `http://127.0.0.1:8000/v1`
    ServerClient(String base) {
        this.base = base.replaceAll("/+$", "");
    }

    /// Whether the server answers with status 200.
    ///
    /// @param path from the root of the server on
    boolean isHealthy(String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base).resolve(path))
                        .timeout(LONGEST_LOOK)
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// @param path after the base, as in `/models`
    JsonNode get(String path) throws EvaluationException, InterruptedException {
        return ask(HttpRequest.newBuilder(URI.create(base + path)), path);
    }

    JsonNode post(String path, JsonNode body) throws EvaluationException, InterruptedException {
        byte[] bytes = JsonTree.MAPPER.writeValueAsBytes(body);
        return ask(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)),
                path);
    }

    private JsonNode ask(HttpRequest.Builder builder, String path)
            throws EvaluationException, InterruptedException {
        HttpRequest request = builder.timeout(LONGEST_REQUEST).build();
        String failure = "";
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                pause(FIRST_PAUSE_MILLIS << (i - 1));
            }
            try {
                HttpResponse<byte[]> response =
                        client.send(
                                request,
                                HttpResponse.BodyHandlers.limiting(
                                        HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
                if (response.statusCode() == 200) {
                    return JsonTree.read(response.body());
                }
                String said = new String(response.body(), StandardCharsets.UTF_8);
                failure = "status " + response.statusCode() + ": " + Printable.of(said.strip());
                if (!AGAIN.contains(response.statusCode())) {
                    break;
                }
            } catch (JacksonException e) {
                throw new EvaluationException(
                        "the server's answer to %s is %s".formatted(path, StrictJson.reason(e)), e);
            } catch (IOException e) {
                failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
        }
        throw new EvaluationException("the server did not answer %s: %s".formatted(path, failure));
    }

    private void pause(long millis) throws EvaluationException, InterruptedException {
        for (long left = millis; left > 0; left -= LOOK_MILLIS) {
            if (stopped.get()) {
                throw new EvaluationException("stopped");
            }
            TimeUnit.MILLISECONDS.sleep(Math.min(left, LOOK_MILLIS));
        }
    }

    /// Ends the requests that are under way.
    @Override
    public void close() {
        stopped.set(true);
        client.shutdownNow();
    }
}
