package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LocalPathTest {
    private static final Path HERE = Path.of("/srv/here");

    private static String of(String text) {
        return LocalPath.of(text, HERE, "/home/me").toString();
    }

    @Test
    void aTildeInFrontIsTheHomeFolder() {
        assertThat(of("~")).isEqualTo("/home/me");
        assertThat(of("~/models/a")).isEqualTo("/home/me/models/a");
        assertThat(LocalPath.of("~/a", HERE))
                .isEqualTo(Path.of(System.getProperty("user.home")).resolve("a"));
    }

    @Test
    void anyOtherTildeIsPartOfAName() {
        assertThat(of("~you/a")).isEqualTo("/srv/here/~you/a");
        assertThat(of("a/~")).isEqualTo("/srv/here/a/~");
    }

    @Test
    void relativePathsCountFromTheWorkingDirectory() {
        assertThat(of("a/b")).isEqualTo("/srv/here/a/b");
        assertThat(of("/a")).isEqualTo("/a");
    }

    /// A model and its adapter, `../a+../b`, are not the path `../b`.
    @Test
    void aPathIsNotMadeShorter() {
        assertThat(of("../a+../b")).isEqualTo("/srv/here/../a+../b");
    }
}
