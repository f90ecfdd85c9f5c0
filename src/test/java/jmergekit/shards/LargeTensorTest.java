package jmergekit.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.RawFile;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tensors past the 2 GiB that an array or a buffer can hold.
@Tag("big")
class LargeTensorTest {
    private static final long BYTES = (5L << 30) + 2;
    private static final TensorSpec TENSOR =
            new TensorSpec("x", DType.U16, Shape.of(BYTES / DType.U16.bytes()));

    @TempDir Path folder;

    @Test
    void lastElementOfAFiveGibibyteTensorIsReadAndWritten() throws IOException {
        Path input = sparseFile();
        SafetensorsHeader header = SafetensorsHeader.read(input);
        Path output = Files.createDirectory(folder.resolve("out"));
        ShardLayout layout =
                ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(TENSOR), Long.MAX_VALUE);
        try (WeightFile file = WeightFile.open(header);
                ShardWriter writer = ShardWriter.create(output, layout, false)) {
            MemorySegment bytes = file.view(header.entries().getFirst()).bytes();
            assertThat(last(bytes)).isEqualTo((short) 0x0807);
            // The end alone, so that the output stays sparse too.
            long from = BYTES - 10;
            writer.write("x", from, bytes.asSlice(from));
        }
        SafetensorsHeader copy = SafetensorsHeader.read(output.resolve("model.safetensors"));
        try (WeightFile file = WeightFile.open(copy)) {
            assertThat(last(file.view(copy.entries().getFirst()).bytes()))
                    .isEqualTo((short) 0x0807);
        }
    }

    private static short last(MemorySegment bytes) {
        return bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, bytes.byteSize() - 2);
    }

    private Path sparseFile() throws IOException {
        Path path = folder.resolve("in.safetensors");
        byte[] head =
                RawFile.bytes(
                        "{\"x\":"
                                + RawFile.entry("U16", "[%d]".formatted(BYTES / 2), 0, BYTES)
                                + "}",
                        0);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(head);
            file.setLength(head.length + BYTES);
            file.seek(head.length + BYTES - 2);
            file.write(new byte[] {7, 8});
        }
        return path;
    }
}
