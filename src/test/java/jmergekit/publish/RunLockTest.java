package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.fixture.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    private static final int LIVE = 7;

    @TempDir private Path folder;

    /// The program: looks whether the run of a folder lives.
    static final class Look {
        public static void main(String[] args) {
            Runtime.getRuntime().exit(RunLock.isLive(Path.of(args[0])) ? LIVE : 0);
        }
    }

    @Test
    void threadsThatOnlyLookTakeNoneOfThemForARun() throws IOException {
        Files.createFile(folder.resolve(RunLock.NAME));

        assertThat(
                        IntStream.range(0, 20_000)
                                .parallel()
                                .filter(_ -> RunLock.isLive(folder))
                                .count())
                .isZero();
        try (RunLock _ = RunLock.ofDead(folder).orElseThrow()) {
            assertThat(RunLock.isLive(folder)).isTrue();
        }
    }

    @Test
    void processesThatOnlyLookTakeNoneOfThemForARun() throws Exception {
        Path file = Files.createFile(folder.resolve(RunLock.NAME));
        try (FileChannel looking = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(looking.tryLock(0, Long.MAX_VALUE, true)).isNotNull();
            assertThat(look()).isZero();
        }
        try (RunLock _ = RunLock.ofDead(folder).orElseThrow()) {
            assertThat(look()).isEqualTo(LIVE);
        }
    }

    private int look() throws IOException, InterruptedException {
        List<String> quick = List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto");
        return JavaProcess.run(folder, Map.of(), quick, Look.class, folder.toString()).code();
    }
}
