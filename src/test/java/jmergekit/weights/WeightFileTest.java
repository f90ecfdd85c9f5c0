package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.fixture.RawFile;
import jmergekit.problem.MergeException;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.TensorView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
    @TempDir Path folder;
    private SafetensorsHeader header;

    @BeforeEach
    void writeFile() throws IOException {
        String json =
                "{\"a\":%s,\"b\":%s,\"e\":%s}"
                        .formatted(
                                RawFile.entry("U8", "[3]", 0, 3),
                                RawFile.entry("I16", "[2]", 3, 7),
                                RawFile.entry("F32", "[0]", 7, 7));
        header = SafetensorsHeader.read(RawFile.write(folder.resolve("m.safetensors"), json, 7));
    }

    @Test
    void viewHoldsTheBytesOfItsTensor() {
        try (WeightFile file = WeightFile.open(header)) {
            TensorView b = file.view(header.entries().get(1));
            assertThat(b.spec().name()).isEqualTo("b");
            assertThat(b.bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(3, 4, 5, 6);
            assertThat(b.bytes().isReadOnly()).isTrue();
            assertThat(file.view(header.entries().get(2)).bytes().byteSize()).isZero();
        }
    }

    /// A copy of a file that is on this machine.
    private static final class KnownCopy implements RemoteFile.Copy {
        private final Path from;
        private final Path to;
        private final List<String> calls = new ArrayList<>();

        KnownCopy(Path from, Path to) throws IOException {
            this.from = from;
            this.to = to;
            Files.write(to, new byte[(int) Files.size(from)]);
        }

        @Override
        public Path path() {
            return to;
        }

        @Override
        public void request(long begin, long end) {
            calls.add("request %d %d".formatted(begin, end));
        }

        @Override
        public void bring(long begin, long end) {
            calls.add("bring %d %d".formatted(begin, end));
            try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
                byte[] all = Files.readAllBytes(from);
                channel.write(ByteBuffer.wrap(all, (int) begin, (int) (end - begin)), begin);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void release(long begin, long end) {
            calls.add("release %d %d".formatted(begin, end));
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private record KnownFile(KnownCopy copy) implements RemoteFile {
        @Override
        public Copy open() {
            return copy;
        }

        @Override
        public long aheadBytes() {
            return 0;
        }
    }

    @Test
    void bytesOfARemoteFileComeWhenTheyAreAskedFor() throws IOException {
        KnownCopy copy = new KnownCopy(header.file(), folder.resolve("copy"));
        TensorEntry entry = header.entries().get(1);
        Path empty = folder.resolve("empty.safetensors");
        Files.write(empty, new byte[(int) header.fileSize()]);
        WeightHeader absent =
                new WeightHeader() {
                    @Override
                    public Path file() {
                        return empty;
                    }

                    @Override
                    public long fileSize() {
                        return header.fileSize();
                    }

                    @Override
                    public List<TensorEntry> entries() {
                        return header.entries();
                    }
                };
        try (WeightFile file = WeightFile.open(absent, Optional.of(new KnownFile(copy)))) {
            file.readAhead(entry.begin(), entry.end());
            assertThat(file.view(entry).bytes().toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(3, 4, 5, 6);
            file.drop(entry.begin(), entry.end());
            file.probe(entry);
        }
        String range = "%d %d".formatted(entry.begin(), entry.end());
        assertThat(copy.calls)
                .containsExactly(
                        "request " + range,
                        "bring " + range,
                        "release " + range,
                        "bring " + range,
                        "close");
    }

    @Test
    void whatIsReadAheadOrDroppedStaysTheSame() {
        try (WeightFile file = WeightFile.open(header)) {
            long begin = header.entries().get(0).begin();
            file.drop(begin, begin + 7);
            file.readAhead(begin, begin + 7);
            file.drop(begin, begin + 3);
            file.unmap(begin, begin + 7);
            assertThat(file.view(header.entries().get(1)).bytes().toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(3, 4, 5, 6);
        }
    }

    @Test
    void aFileThatIsGoneCannotBeReadAhead() throws IOException {
        Files.delete(header.file());
        try (WeightFile file = WeightFile.open(header)) {
            assertThatThrownBy(() -> file.readAhead(0, 8))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("m.safetensors");
        }
    }

    @Test
    void manyThreadsShareOneMapping() {
        try (WeightFile file = WeightFile.open(header)) {
            List<Long> addresses =
                    IntStream.range(0, 1000)
                            .parallel()
                            .mapToObj(_ -> file.view(header.entries().get(0)).bytes().address())
                            .distinct()
                            .toList();
            assertThat(addresses).hasSize(1);
        }
    }

    @Test
    void fileThatChangedItsSizeIsRefused() throws IOException {
        long size = Files.size(header.file());
        Files.write(header.file(), new byte[2], StandardOpenOption.APPEND);
        try (WeightFile file = WeightFile.open(header)) {
            assertThatThrownBy(() -> file.view(header.entries().get(0)))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            "%s: changed after its header was read (expected %d bytes, found %d);"
                                            .formatted(header.file(), size, size + 2)
                                    + " run again when nothing writes to it");
        }
    }

    @Test
    void fileThatIsGoneIsRefused() throws IOException {
        Files.delete(header.file());
        try (WeightFile file = WeightFile.open(header)) {
            assertThatThrownBy(() -> file.view(header.entries().get(0)))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(header.file() + ": cannot be mapped: it does not exist");
        }
    }

    @Test
    void viewsEndWithTheFile() {
        WeightFile file = WeightFile.open(header);
        TensorView view = file.view(header.entries().get(0));
        file.close();
        file.close();
        assertThatThrownBy(() -> view.bytes().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
