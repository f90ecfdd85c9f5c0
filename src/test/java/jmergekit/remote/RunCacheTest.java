package jmergekit.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.s3.ObjectPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCacheTest {
    @TempDir private Path folder;

    @Test
    void itIsRemovedWithAllThatIsInIt() {
        try (RunCache cache = RunCache.create(folder.resolve("cache"))) {
            Path holes = cache.newHoles(1L << 30);

            assertThat(holes).hasSize(1L << 30);
            RunCache.makeHoles(cache.models().resolve("bucket/model/x.safetensors"), 5);
        }
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void foldersOfDeadRunsAreSweptAndThoseOfLivingOnesKept() throws IOException {
        Path dead = Files.createDirectories(folder.resolve("run-dead"));
        Files.writeString(dead.resolve(".jmergekit.lock"), "");
        Files.writeString(dead.resolve("copy-1"), "left");
        Path others = Files.createDirectories(folder.resolve("somebody's"));

        try (RunCache first = RunCache.create(folder);
                RunCache second = RunCache.create(folder)) {
            assertThat(dead).doesNotExist();
            assertThat(first.newHoles(1)).exists();
            assertThat(second.newHoles(1)).exists();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(others);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWithTheVariable() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> RunCache.create(file.resolve("cache")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("JMERGEKIT_CACHE");
    }

    @Test
    void variablesNameTheFolderAndItsSize() {
        assertThat(CacheSettings.of(Map.of("JMERGEKIT_CACHE", "here"), folder))
                .isEqualTo(new CacheSettings(folder.resolve("here"), 4_000_000_000L));
        assertThat(CacheSettings.of(Map.of("XDG_CACHE_HOME", "/x"), folder).folder())
                .isEqualTo(Path.of("/x/jmergekit"));
        assertThat(
                        CacheSettings.of(
                                Map.of("HOME", "/home/me", "JMERGEKIT_CACHE_GB", "0.5"), folder))
                .isEqualTo(new CacheSettings(Path.of("/home/me/.cache/jmergekit"), 500_000_000L));
        assertThatThrownBy(() -> CacheSettings.of(Map.of("JMERGEKIT_CACHE_GB", "4 GB"), folder))
                .hasMessageContaining("JMERGEKIT_CACHE_GB: not a number of gigabytes");
    }

    @Test
    void aFileOfAModelIsKnownByItsPath() {
        ObjectPath model = ObjectPath.of("s3://bucket/models/a").orElseThrow();
        try (RunCache cache = RunCache.create(folder)) {
            Path files = cache.folderOf(model);

            assertThat(cache.origin(files)).contains(model);
            assertThat(cache.origin(files.resolve("b/c")))
                    .isEqualTo(ObjectPath.of("s3://bucket/models/a/b/c"));
            assertThat(cache.origin(cache.models())).isEmpty();
            assertThat(cache.origin(folder.resolve("models/a"))).isEmpty();
        }
    }
}
