package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jmergekit.fixture.s3.StoreServer;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Against a real server, which checks signatures.
@Tag("cluster")
class AwsStoreTest implements ObjectStoreContract {
    @TempDir private static Path data;

    private static StoreServer server;
    private static Stores stores;

    private ObjectPath folder;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectory(data.resolve("bucket"));
        server = StoreServer.start(data);
        stores = Stores.of(server.environment());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            stores.close();
            server.close();
        }
    }

    @BeforeEach
    void folder(TestInfo test) {
        folder = new ObjectPath("bucket", test.getTestMethod().orElseThrow().getName());
    }

    @Override
    public ObjectStore store() {
        return stores.store();
    }

    @Override
    public ObjectPath folder() {
        return folder;
    }

    @Test
    void aWrongSecretIsToldAndNotShown() {
        Map<String, String> wrong = new HashMap<>(server.environment());
        wrong.put("AWS_SECRET_ACCESS_KEY", "wrong-secret-of-mine");

        try (Stores others = Stores.of(wrong)) {
            assertThatThrownBy(() -> others.store().list(folder))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("the store does not accept your credentials")
                    .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
                    .hasMessageNotContaining("wrong-secret-of-mine");
        }
    }

    @Test
    void aStoreThatIsNotThereIsTold() {
        Map<String, String> nowhere = new HashMap<>(server.environment());
        nowhere.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");

        try (Stores others = Stores.of(nowhere)) {
            assertThatThrownBy(() -> others.store().list(folder))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("the store cannot be reached")
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    @Test
    void longListsAreFollowedToTheirEnd() throws IOException {
        Path many = Files.createDirectories(data.resolve("bucket").resolve(folder.key()));
        for (int i = 0; i < 1005; i++) {
            Files.createFile(many.resolve("o" + i));
        }

        assertThat(store().list(folder)).hasSize(1005);
    }
}
