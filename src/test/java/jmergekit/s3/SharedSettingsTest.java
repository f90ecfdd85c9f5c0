package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Files that all of Amazon's tools read, with mistakes in them.
@Isolated
class SharedSettingsTest {
    private static final String FILE = "aws.configFile";

    @TempDir private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(FILE);
    }

    @Test
    void aFileThatIsNoSettingsIsRefused() throws IOException {
        assertRefused("[default]\nregion eu\n", "its files cannot be read");
    }

    @Test
    void anEndpointThatIsNoAddressIsRefused() throws IOException {
        assertRefused(
                "[default]\nendpoint_url = not an address\n",
                "endpoint_url: not a valid address of a store");
    }

    private void assertRefused(String settings, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), settings);
        System.setProperty(FILE, file.toString());
        try (Stores stores = Stores.of(Map.of())) {
            assertThatThrownBy(stores::store)
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining(message);
        }
    }
}
