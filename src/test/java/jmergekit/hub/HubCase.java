package jmergekit.hub;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests that each have a hub of their own.
abstract class HubCase {
    @TempDir private Path folder;
    HubFixture at;

    @BeforeEach
    void startHub() {
        at = new HubFixture(folder);
    }

    @AfterEach
    void stopHub() {
        at.close();
    }
}
