package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ScratchFileTest {
    @TempDir private Path folder;

    @Test
    void regionsDoNotOverlap() {
        try (ScratchFile file = ScratchFile.create(folder.resolve("scratch"));
                ScratchFile.Region a = file.region(100);
                ScratchFile.Region b = file.region(50)) {
            a.bytes().fill((byte) 1);
            b.bytes().fill((byte) 2);

            assertThat(a.bytes().get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 1);
            assertThat(b.bytes().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
            assertThat(file.size()).isEqualTo(150);
        }
    }

    @Test
    void whatIsGivenBackIsUsedAgain() {
        try (ScratchFile file = ScratchFile.create(folder.resolve("scratch"))) {
            ScratchFile.Region first = file.region(100);
            ScratchFile.Region second = file.region(100);
            ScratchFile.Region third = file.region(10);
            second.close();
            first.close();

            file.region(150).close();
            file.region(50).close();

            assertThat(file.size()).isEqualTo(210);
            third.close();
            file.region(210).close();
            assertThat(file.size()).isEqualTo(210);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRegionHasItsBlocksBeforeItIsWritten() throws Exception {
        Path path = folder.resolve("scratch");
        long size = (3 << 20) + 5;
        try (ScratchFile file = ScratchFile.create(path);
                ScratchFile.Region region = file.region(size)) {
            Process stat = new ProcessBuilder("stat", "-c", "%b %B", path.toString()).start();
            String[] blocks =
                    new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                            .strip()
                            .split(" ");

            assertThat(Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]))
                    .isGreaterThanOrEqualTo(size);
            assertThat(region.bytes().byteSize()).isEqualTo(size);
        }
    }

    @Test
    void nothingIsLeftOfIt() {
        Path path = folder.resolve("scratch");
        ScratchFile.create(path).close();

        assertThat(path).doesNotExist();
    }

    @Test
    void anExistingFileIsNotTouched() {
        Path path = folder.resolve("scratch");
        try (ScratchFile file = ScratchFile.create(path)) {
            assertThatThrownBy(() -> ScratchFile.create(path)).isInstanceOf(MergeException.class);
            assertThat(file.size()).isZero();
        }
    }
}
