package jmergekit.evaluate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;

/// A server with a part of OpenAI's interface, in this process.
final class ChatServer implements AutoCloseable {
    /// An answer.
    record Reply(int status, String body) {
        static Reply text(String text) {
            JsonNode json =
                    JsonTree.MAPPER.valueToTree(Map.of("choices", List.of(Map.of("text", text))));
            return new Reply(200, json.toString());
        }

        static Reply logprobs(String list) {
            return new Reply(
                    200, "{\"choices\": [{\"logprobs\": {\"token_logprobs\": " + list + "}}]}");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    /// @param healthy whether `/health` answers with 200
    /// @param answer to what is posted
    ChatServer(BooleanSupplier healthy, Function<JsonNode, Reply> answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/health", e -> send(e, new Reply(healthy.getAsBoolean() ? 200 : 503, "")));
        server.createContext(
                "/v1/models", e -> send(e, new Reply(200, "{\"data\": [{\"id\": \"merged\"}]}")));
        server.createContext(
                "/v1/",
                e -> {
                    JsonNode body = JsonTree.read(e.getRequestBody().readAllBytes());
                    requests.add(body);
                    authorizations.add(
                            String.valueOf(e.getRequestHeaders().getFirst("Authorization")));
                    send(e, answer.apply(body));
                });
        server.start();
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// What was posted.
    List<JsonNode> requests() {
        return requests;
    }

    /// The headers of these names of what was posted.
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
