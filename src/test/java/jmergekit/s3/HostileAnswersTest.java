package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists and finds objects of a server that answers what no store does.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileAnswersTest {
    private static final ObjectPath FOLDER = new ObjectPath("bucket", "model");
    private static final String WRONG = "the store's response does not match the request";

    private final AtomicInteger requests = new AtomicInteger();
    private volatile IntFunction<String> page = _ -> list("");
    private HttpServer server;
    private Stores stores;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body =
                            page.apply(requests.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
                    boolean isHead = exchange.getRequestMethod().equals("HEAD");
                    exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        if (!isHead) {
                            out.write(body);
                        }
                    }
                });
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

    private static String list(String inside) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>"
                + "<EncodingType>url</EncodingType>"
                + inside
                + "</ListBucketResult>";
    }

    private static String object(String inside) {
        return list("<Contents>" + inside + "</Contents>");
    }

    @Test
    void objectsBelowTheFolderAreFound() {
        page = _ -> object("<Key>model/config.json</Key><Size>3</Size>");

        assertThat(stores.store().list(FOLDER))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.name()).isEqualTo("config.json");
                    assertThat(found.size()).isEqualTo(3);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Size>3</Size>",
                "<Key>x</Key><Size>3</Size>",
                "<Key>another/config.json</Key><Size>3</Size>",
                "<Key>model/config.json</Key>",
                "<Key>model/config.json</Key><Size>-1</Size>"
            })
    void anObjectThatIsNotBelowTheFolderOrHasNoSizeIsRefused(String object) {
        page = _ -> object(object);

        assertRefused(() -> stores.store().list(FOLDER), WRONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Key>model/%zz</Key><Size>3</Size>",
                "<Key>model/x</Key><Size>many</Size>",
                "<Key>model/x</Key><Size>3</Size><LastModified>today</LastModified>",
                "<Key>model/x"
            })
    void anAnswerThatCannotBeReadIsRefused(String object) {
        page = _ -> object(object);

        assertRefused(() -> stores.store().list(FOLDER), "s3://bucket/model");
    }

    @Test
    void aListThatHasNoEndIsRefused() {
        page =
                n ->
                        list(
                                "<IsTruncated>true</IsTruncated><NextContinuationToken>"
                                        + n
                                        + "</NextContinuationToken>");

        assertRefused(() -> stores.store().list(FOLDER), WRONG);
        assertThat(requests).hasValueLessThan(2000);
    }

    @Test
    void aListThatDoesNotTellHowItGoesOnIsRefused() {
        page = _ -> list("<IsTruncated>true</IsTruncated>");

        assertRefused(() -> stores.store().list(FOLDER), WRONG);
    }

    @Test
    void anObjectWithoutASizeIsRefused() {
        assertRefused(() -> stores.store().find(FOLDER), WRONG);
    }

    private static void assertRefused(ThrowingCallable request, String message) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .hasMessageContaining(message);
    }
}
