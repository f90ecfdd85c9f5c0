package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives above the 4 GiB that the first version of the zip format can address.
@Tag("big")
class LargeCheckpointTest {
    private static final long BYTES = (5L << 30) + 3;

    @TempDir Path folder;

    @Test
    void tensorsBeyondFourGibibytesAreRead() throws IOException {
        byte[] pickle =
                PickleBytes.protocol2()
                        .op('}')
                        .mark()
                        .text("large")
                        .row("ByteStorage", "0", BYTES)
                        .text("behind")
                        .row("ByteStorage", "1", 2)
                        .op('u')
                        .stop();
        Path sparse =
                new ZipBytes()
                        .zip64()
                        .add("m/data.pkl", pickle)
                        .add("m/data/0", new byte[] {7, 8}, BYTES)
                        .add("m/data/1", new byte[] {5, 6})
                        .write(folder.resolve("pytorch_model.bin"));

        TorchHeader header = TorchHeader.read(sparse);

        try (WeightFile file = WeightFile.open(header)) {
            MemorySegment large = file.bytes(header.entries().get(0));
            assertThat(large.byteSize()).isEqualTo(BYTES);
            assertThat(large.asSlice(BYTES - 2).toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(7, 8);
            assertThat(file.bytes(header.entries().get(1)).toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(5, 6);
        }
    }
}
