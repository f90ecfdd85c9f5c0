package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that answers every request with a list that no store sends.
class SenselessAnswersTest {
    private static final ObjectPath FOLDER = new ObjectPath("bucket", "folder");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Contents><Key>x</Key><Size>1</Size></Contents>",
                "<Contents><Size>1</Size></Contents>",
                "<Contents><Key>folder/x</Key></Contents>",
                "<IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken>"
            })
    @Timeout(60)
    void listsThatMakeNoSenseAreRefused(String content) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer =
                ("<ListBucketResult>" + content + "</ListBucketResult>")
                        .getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getResponseHeaders().add("Content-Type", "application/xml");
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                });
        server.start();
        Map<String, String> environment =
                Map.of(
                        "AWS_ENDPOINT_URL",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "AWS_ACCESS_KEY_ID",
                        "a",
                        "AWS_SECRET_ACCESS_KEY",
                        "b");
        try (Stores stores = Stores.of(environment)) {
            assertThatThrownBy(() -> stores.store().list(FOLDER))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("the store's response does not match the request");
        } finally {
            server.stop(0);
        }
    }
}
