package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Reads from a server that does not always do what it should.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RangedReadTest {
    private static final ObjectPath OBJECT = new ObjectPath("bucket", "x");
    private static final String ETAG = "\"one\"";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    /// How one request is answered.
    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange, int begin, int end) throws IOException;
    }

    private final byte[] content = new byte[1 << 20];
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private Stores stores;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        stores =
                Stores.of(
                        Map.of(
                                "AWS_ENDPOINT_URL",
                                "http://127.0.0.1:" + server.getAddress().getPort(),
                                "AWS_ACCESS_KEY_ID",
                                "id",
                                "AWS_SECRET_ACCESS_KEY",
                                "secret"));
    }

    @AfterEach
    void stop() {
        stores.close();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range);
        Matcher bounds = RANGE.matcher(range);
        assertThat(bounds.matches()).isTrue();
        Answer answer = answers.isEmpty() ? this::right : answers.remove();
        try (exchange) {
            answer.to(
                    exchange,
                    Integer.parseInt(bounds.group(1)),
                    Integer.parseInt(bounds.group(2)) + 1);
        }
    }

    private void right(HttpExchange exchange, int begin, int end) throws IOException {
        send(exchange, begin, end, end - begin);
    }

    private void cut(HttpExchange exchange, int begin, int end) throws IOException {
        send(exchange, begin, end, (end - begin) / 2);
    }

    private void send(HttpExchange exchange, int begin, int end, int sent) throws IOException {
        exchange.getResponseHeaders().set("ETag", ETAG);
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + begin + "-" + (end - 1) + "/" + content.length);
        exchange.sendResponseHeaders(206, end - begin);
        exchange.getResponseBody().write(content, begin, sent);
        exchange.getResponseBody().flush();
    }

    private static Answer status(int status) {
        return (exchange, _, _) -> exchange.sendResponseHeaders(status, -1);
    }

    private byte[] read(int begin, int end) {
        return stores.store().read(OBJECT, ETAG, begin, end);
    }

    @Test
    void aConnectionThatIsCutIsTakenUpWhereItWas() {
        answers.add(this::cut);
        answers.add(this::cut);

        assertThat(read(100, 900)).isEqualTo(Arrays.copyOfRange(content, 100, 900));
        assertThat(ranges).containsExactly("bytes=100-899", "bytes=500-899", "bytes=700-899");
    }

    @Test
    void aServerThatCutsEachConnectionAfterAByteIsGivenUp() {
        for (int i = 0; i < 20; i++) {
            answers.add((exchange, begin, end) -> send(exchange, begin, end, 1));
        }

        assertRefused("the connection to the store failed");
        assertThat(ranges).hasSizeLessThan(10);
    }

    @Test
    void rangesAreWrittenTheSameWayInAllLanguages() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertThat(read(100, 900)).isEqualTo(Arrays.copyOfRange(content, 100, 900));
        } finally {
            Locale.setDefault(before);
        }
        assertThat(ranges).containsExactly("bytes=100-899");
    }

    @Test
    void aBusyServerIsAskedAgain() {
        answers.add(status(503));

        assertThat(read(0, 10)).isEqualTo(Arrays.copyOf(content, 10));
        assertThat(ranges).hasSize(2);
    }

    @Test
    void aServerThatStaysBusyIsTold() {
        List<Answer> busy = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            busy.add(status(503));
        }
        answers.addAll(busy);

        assertRefused("the store cannot answer now (found HTTP 503");
    }

    @Test
    void anotherEtagIsNotRead() {
        answers.add(status(412));
        assertRefused("s3://bucket/x: changed after its header was read");

        answers.add((exchange, begin, end) -> {
            exchange.getResponseHeaders().set("ETag", "\"two\"");
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-9/10");
            exchange.sendResponseHeaders(206, end - begin);
            exchange.getResponseBody().write(content, begin, end - begin);
        });
        assertRefused("s3://bucket/x: changed after its header was read");
    }

    @Test
    void anAnswerOfOtherBytesIsRefused() {
        answers.add((exchange, _, _) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
        assertRefused("the store's response does not match the request");

        answers.add((exchange, _, end) -> send(exchange, 1, end + 1, end));
        assertRefused("the store's response does not match the request (found bytes 1-10/");
    }

    @Test
    void whatTheStoreRefusesIsTold() {
        answers.add(status(403));
        assertRefused("the store does not allow this (found HTTP 403");

        answers.add(status(404));
        assertRefused("there is no such object");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> read(0, 10))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }
}
