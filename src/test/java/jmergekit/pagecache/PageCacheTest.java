package jmergekit.pagecache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
    private static final int BYTES = 8 << 20;

    @TempDir Path folder;

    private Path file() throws IOException {
        Path file = folder.resolve("ä file");
        Files.write(file, new byte[BYTES], StandardOpenOption.CREATE_NEW, StandardOpenOption.DSYNC);
        return file;
    }

    private static boolean isCached(Path file, long begin, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            return channel.map(FileChannel.MapMode.READ_ONLY, begin, end - begin, arena).isLoaded();
        }
    }

    @Test
    void droppedPagesAreNoLongerInMemoryAndTheOthersAre() throws IOException {
        assumeThat(PageCache.ofSystem()).isPresent();
        // What lies in memory alone cannot be dropped.
        assumeThat(Files.getFileStore(folder).type()).isNotIn("tmpfs", "ramfs");
        Path file = file();
        assertThat(isCached(file, 0, BYTES)).isTrue();

        PageCache.ofSystem().orElseThrow().drop(file, BYTES / 2, BYTES);

        assertThat(isCached(file, 0, BYTES / 2)).isTrue();
        assertThat(isCached(file, BYTES / 2, BYTES)).isFalse();
        assertThat(Files.readAllBytes(file)).hasSize(BYTES).containsOnly(0);
    }

    @Test
    void ofNoBytesNoneAreDropped() throws IOException {
        assumeThat(PageCache.ofSystem()).isPresent();
        Path file = file();
        PageCache.ofSystem().orElseThrow().drop(file, BYTES / 2, BYTES / 2);
        assertThat(isCached(file, 0, BYTES)).isTrue();
    }

    @Test
    void aFileThatIsNotThereIsLeftAlone() {
        PageCache.ofSystem().ifPresent(cache -> cache.drop(folder.resolve("none"), 0, 10));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theMachineHasMoreMemoryThanTheHeap() {
        assertThat(PageCache.memory()).isGreaterThanOrEqualTo(Runtime.getRuntime().totalMemory());
    }
}
