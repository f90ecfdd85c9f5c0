package jmergekit.evaluate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.problem.Printable;
import jmergekit.threads.AsyncReply;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Queries a server with OpenAI's interface, and retries if it is busy or the connection breaks. It
/// does not follow redirects, so the key is never sent to another host. Safe to use from several
/// threads.
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
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LONGEST_LOOK)
                    .build();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final String base;
    private final Optional<ApiKey> key;

    /// A server's answer: JSON, or why it refuses the request.
    sealed interface Answer {
        record Given(JsonNode json) implements Answer {}

        record Refused(String reason) implements Answer {}
    }

    /// Called while waiting for an answer.
    @FunctionalInterface
    interface Watch {
        /// Takes a few milliseconds.
        void look() throws EvaluationException, InterruptedException;
    }

    /// @param base as in `http://127.0.0.1:8000/v1`
    ServerClient(String base, Optional<ApiKey> key) {
        this.base = base.replaceAll("/+$", "");
        this.key = key;
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(address);
        key.ifPresent(k -> builder.header("Authorization", k.header()));
        return builder;
    }

    /// Whether the server sends a complete answer with status 200 within some seconds.
    ///
    /// @param path relative to the root of the server
    boolean isHealthy(String path, Watch watch) throws EvaluationException, InterruptedException {
        HttpRequest request = request(URI.create(base).resolve(path)).timeout(LONGEST_LOOK).build();
        long end = System.nanoTime() + LONGEST_LOOK.toNanos();
        try (AsyncReply<HttpResponse<Void>> answer =
                AsyncReply.of(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))) {
            while (!answer.isDone() && System.nanoTime() - end < 0) {
                watch.look();
            }
            return answer.value().filter(a -> a.statusCode() == 200).isPresent();
        }
    }

    /// @param path relative to the base, as in `/models`
    JsonNode get(String path) throws EvaluationException, InterruptedException {
        return given(ask(request(URI.create(base + path)), path), path);
    }

    JsonNode post(String path, JsonNode body) throws EvaluationException, InterruptedException {
        return given(answer(path, body), path);
    }

    private static JsonNode given(Answer answer, String path) throws EvaluationException {
        return switch (answer) {
            case Answer.Given(JsonNode json) -> json;
            case Answer.Refused(String reason) -> throw unanswered(path, reason);
        };
    }

    private static EvaluationException unanswered(String path, String reason) {
        return new EvaluationException("the server did not answer %s: %s".formatted(path, reason));
    }

    /// The server's answer to a request that it may refuse.
    ///
    /// @throws EvaluationException if there is no such answer
    Answer answer(String path, JsonNode body) throws EvaluationException, InterruptedException {
        byte[] bytes = JsonTree.MAPPER.writeValueAsBytes(body);
        return ask(
                request(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)),
                path);
    }

    private Answer ask(HttpRequest.Builder builder, String path)
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
                    return new Answer.Given(JsonTree.read(response.body()));
                }
                failure = "status " + response.statusCode() + ": " + text(response.body());
                if (!AGAIN.contains(response.statusCode())) {
                    return new Answer.Refused(failure);
                }
            } catch (JacksonException e) {
                throw new EvaluationException(
                        "the server's answer to %s is %s".formatted(path, StrictJson.reason(e)), e);
            } catch (IOException e) {
                failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
        }
        throw unanswered(path, failure);
    }

    // Servers may repeat a key that they reject.
    private String text(byte[] said) {
        String text = new String(said, StandardCharsets.UTF_8).strip();
        return Printable.of(key.map(k -> k.hiddenIn(text)).orElse(text));
    }

    private void pause(long millis) throws EvaluationException, InterruptedException {
        for (long left = millis; left > 0; left -= LOOK_MILLIS) {
            if (stopped.get()) {
                throw new EvaluationException("stopped");
            }
            TimeUnit.MILLISECONDS.sleep(Math.min(left, LOOK_MILLIS));
        }
    }

    /// Cancels pending requests.
    @Override
    public void close() {
        stopped.set(true);
        client.shutdownNow();
    }
}
