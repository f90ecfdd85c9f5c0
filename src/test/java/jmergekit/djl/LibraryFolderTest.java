package jmergekit.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Libraries are code: they are not loaded from where others could have put them.
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LibraryFolderTest {
    @TempDir private Path temporary;

    private Path folder(String permissions) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("libraries"));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static void refused(Path folder, String why) {
        assertThatExceptionOfType(MergeException.class)
                .isThrownBy(() -> LibraryFolder.check(folder))
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .withMessageContaining("native libraries are not loaded from there")
                .withMessageContaining(why);
    }

    @Test
    void aFolderThatIsNotThereIsMadeForItsUserAlone() throws IOException {
        Path folder = temporary.resolve("a/libraries");

        LibraryFolder.check(folder);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatOthersMayReadIsFine() throws IOException {
        LibraryFolder.check(folder("rwxr-xr-x"));
    }

    @Test
    void aFolderThatEverybodyMayWriteToIsRefused() throws IOException {
        refused(folder("rwxrwxrwx"), "everybody may write to it");
    }

    @Test
    void aLibraryThatEverybodyMayWriteToIsRefused() throws IOException {
        Path library = Files.createFile(folder("rwxr-xr-x").resolve("lib.so"));
        Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-rw-rw-"));

        refused(library.getParent(), "everybody may write to it");
    }

    @Test
    void aLinkInTheFolderForTemporaryFilesIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder("rwx------"));

        refused(link, "it is a link");
    }
}
