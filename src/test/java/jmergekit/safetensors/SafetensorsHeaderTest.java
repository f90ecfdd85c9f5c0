package jmergekit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import jmergekit.fixture.RawFile;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsHeaderTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void entriesAreOrderedByOffsetAndCountedFromTheStartOfTheFile() throws IOException {
        String header =
                "{\"b\":%s,\"__metadata__\":{\"format\":\"pt\"},\"a\":%s}"
                        .formatted(
                                RawFile.entry("BF16", "[2,3]", 4, 16),
                                RawFile.entry("F32", "[]", 0, 4));
        SafetensorsHeader read = SafetensorsHeader.read(RawFile.write(file, header, 16));
        long dataStart = 8 + header.length();
        assertThat(read.entries())
                .containsExactly(
                        new TensorEntry(new TensorSpec("a", DType.F32, Shape.of()), dataStart),
                        new TensorEntry(
                                new TensorSpec("b", DType.BF16, Shape.of(2, 3)), dataStart + 4));
        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
    }

    @Test
    void tensorsWithoutElementsTakeNoRoom() throws IOException {
        String header =
                "{\"x\":%s,\"e\":%s,\"y\":%s}"
                        .formatted(
                                RawFile.entry("U8", "[2]", 0, 2),
                                RawFile.entry("F64", "[0,7]", 2, 2),
                                RawFile.entry("U8", "[1]", 2, 3));
        SafetensorsHeader read = SafetensorsHeader.read(RawFile.write(file, header, 3));
        assertThat(read.entries().stream().map(e -> e.spec().name()))
                .containsExactly("x", "e", "y");
    }

    @Test
    void everyDTypeIsRead() throws IOException {
        for (DType dtype : DType.values()) {
            int bytes = dtype.bits();
            String header = "{\"x\":" + RawFile.entry(dtype.name(), "[8]", 0, bytes) + "}";
            SafetensorsHeader read = SafetensorsHeader.read(RawFile.write(file, header, bytes));
            assertThat(read.entries().getFirst().spec().dtype()).isEqualTo(dtype);
        }
    }

    @Test
    void noTensorsNullMetadataAndPaddingAreRead() throws IOException {
        RawFile.write(file, "{}   ", 0);
        assertThat(SafetensorsHeader.read(file).entries()).isEmpty();
        RawFile.write(
                file, "{\"__metadata__\":null,\"x\":" + RawFile.entry("U8", "[0]", 0, 0) + "}", 0);
        assertThat(SafetensorsHeader.read(file).entries()).hasSize(1);
    }

    @Test
    void missingFileIsRefused() {
        refuses("does not exist");
    }

    @Test
    void folderIsRefused() throws IOException {
        Files.createDirectory(file);
        refuses("is not a regular file");
    }

    @Test
    void fileShorterThanItsLengthFieldIsRefused() throws IOException {
        Files.write(file, new byte[5]);
        refuses("has 5 bytes, a safetensors file has at least 8");
    }

    @Test
    void gitLfsPointerIsRefusedByName() throws IOException {
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
        refuses("is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'");
    }

    @Test
    void headerLongerThanTheLimitIsRefused() throws IOException {
        writeLength(100_000_001, 100);
        refuses(
                "its header would have 100000001 bytes, at most 100000000 are allowed;"
                        + " the file is damaged or is not a safetensors file");
    }

    @Test
    void headerLengthIsUnsigned() throws IOException {
        writeLength(-1, 100);
        refuses(
                "its header would have 18446744073709551615 bytes, at most 100000000 are allowed;"
                        + " the file is damaged or is not a safetensors file");
    }

    @Test
    void headerLongerThanTheFileIsRefused() throws IOException {
        writeLength(101, 100);
        refuses(
                "its header would have 101 bytes, 100 follow its length; the file is truncated or"
                        + " its header is invalid");
    }

    @Test
    void emptyHeaderIsRefused() throws IOException {
        Files.write(file, RawFile.bytes("", 0));
        refuses("the header is not a JSON object");
    }

    @Test
    void headerThatIsNoObjectIsRefused() throws IOException {
        RawFile.write(file, "[1,2]", 0);
        refuses("the header is not a JSON object");
    }

    @Test
    void invalidUtf8IsRefused() throws IOException {
        byte[] bytes = RawFile.bytes("{\"?\":" + RawFile.entry("U8", "[1]", 0, 1) + "}", 1);
        bytes[10] = (byte) 0xC0;
        Files.write(file, bytes);
        refuses("the header is not valid UTF-8");
    }

    @Test
    void invalidJsonIsRefusedWithItsPlace() throws IOException {
        RawFile.write(file, "{\"x\":!}", 0);
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(file + ": the header is not valid JSON at character 5: ")
                .hasMessageContaining("Unexpected character ('!'");
    }

    @Test
    void headerThatEndsWithinItsObjectIsRefused() throws IOException {
        RawFile.write(file, "{\"x\":{", 0);
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("it ends inside an Object");
    }

    @Test
    void textAfterTheObjectIsRefused() throws IOException {
        RawFile.write(file, "{} {}", 0);
        refuses("the header has content after its JSON object");
    }

    @Test
    void tensorListedTwiceIsRefused() throws IOException {
        String entry = RawFile.entry("U8", "[1]", 0, 1);
        RawFile.write(file, "{\"x\":%s,\"x\":%s}".formatted(entry, entry), 1);
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the header is not valid JSON at character")
                .hasMessageContaining("Duplicate Object property \"x\"");
    }

    @Test
    void metadataThatIsNoObjectIsRefused() throws IOException {
        RawFile.write(file, "{\"__metadata__\":7}", 0);
        refuses("'__metadata__' is not an object");
    }

    @Test
    void metadataValueThatIsNoStringIsRefused() throws IOException {
        RawFile.write(file, "{\"__metadata__\":{\"k\":7}}", 0);
        refuses("'__metadata__': the value of 'k' is not a string");
    }

    @Test
    void tensorThatIsNoObjectIsRefused() throws IOException {
        RawFile.write(file, "{\"x\":[]}", 0);
        refuses("tensor 'x': its description is not an object");
    }

    @Test
    void missingKeysAreRefusedByName() throws IOException {
        RawFile.write(file, "{\"x\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
        refuses("tensor 'x': has no 'dtype'");
        RawFile.write(file, "{\"x\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1);
        refuses("tensor 'x': has no 'shape'");
        RawFile.write(file, "{\"x\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1);
        refuses("tensor 'x': has no 'data_offsets'");
    }

    @Test
    void unknownKeyIsRefusedByName() throws IOException {
        refusesTensor("{\"sparse\":true}", "key 'sparse' is unknown");
    }

    @Test
    void tooMuchMetadataIsRefused() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 100_000; i++) {
            header.append(i == 0 ? "" : ",").append("\"%d\":\"\"".formatted(i));
        }
        RawFile.write(file, header.append("}}").toString(), 0);
        refuses("'__metadata__' has more than 100000 keys");
    }

    @Test
    void unknownDTypeIsRefusedByName() throws IOException {
        refusesTensor(
                "{\"dtype\":\"F3\",\"shape\":[1],\"data_offsets\":[0,1]}",
                "dtype 'F3' is not supported");
        refusesTensor(
                "{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}",
                "shape [3] of F4 is not a whole number of bytes, or larger than any file");
        refusesTensor(
                "{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,1]}", "'dtype' is not a string");
    }

    @Test
    void shapesThatAreNoListOfSizesAreRefused() throws IOException {
        refusesTensor(shape("3"), "'shape' is not a list");
        String range = "which is not an integer from 0 to 9223372036854775807";
        refusesTensor(shape("[2,-1]"), "'shape' holds '-1', " + range);
        refusesTensor(shape("[1.5]"), "'shape' holds '1.5', " + range);
        refusesTensor(shape("[null]"), "'shape' holds 'null', " + range);
        refusesTensor(
                shape("[9223372036854775808]"), "'shape' holds '9223372036854775808', " + range);
        refusesTensor(shape("[1" + ",1".repeat(64) + "]"), "'shape' has more than 64 numbers");
    }

    @Test
    void shapesThatOverflowAreRefused() throws IOException {
        refusesTensor(
                RawFile.entry("U8", "[4294967296,4294967296]", 0, 1),
                "shape [4294967296, 4294967296] of U8 is larger than any file");
        refusesTensor(
                RawFile.entry("F64", "[2305843009213693952]", 0, 1),
                "shape [2305843009213693952] of F64 is larger than any file");
    }

    @Test
    void offsetsThatAreNoPairAreRefused() throws IOException {
        refusesTensor(
                "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1]}",
                "'data_offsets' is [1], not a begin and an end at or after it");
        refusesTensor(
                "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}",
                "'data_offsets' has more than 2 numbers");
        refusesTensor(
                RawFile.entry("U8", "[1]", 1, 0),
                "'data_offsets' is [1, 0], not a begin and an end at or after it");
    }

    @Test
    void sizeThatDoesNotFitTheShapeIsRefused() throws IOException {
        refusesTensor(
                RawFile.entry("BF16", "[2,3]", 0, 11),
                "data is 11 bytes, shape [2, 3] of BF16 needs 12; the file is truncated or its"
                        + " header is invalid");
    }

    @Test
    void truncatedDataIsRefused() throws IOException {
        RawFile.write(
                file,
                "{\"a\":%s,\"b\":%s,\"c\":%s}"
                        .formatted(
                                RawFile.entry("U8", "[4]", 0, 4),
                                RawFile.entry("F32", "[3]", 4, 16),
                                RawFile.entry("F32", "[1]", 16, 20)),
                8);
        refuses(
                "tensor 'b': only 4 of its 12 bytes exist; the file has 8 of 20 bytes of data; the"
                        + " file is truncated: download or copy it again");
    }

    @Test
    void hugeTensorThatIsNotThereIsRefused() throws IOException {
        RawFile.write(
                file,
                "{\"x\":%s}"
                        .formatted(RawFile.entry("U8", "[9223372036854775807]", 0, Long.MAX_VALUE)),
                8);
        refuses(
                "tensor 'x': only 8 of its 9223372036854775807 bytes exist; the file has 8 of"
                        + " 9223372036854775807 bytes of data; the file is truncated: download or"
                        + " copy it again");
    }

    @Test
    void overlapIsRefused() throws IOException {
        RawFile.write(
                file,
                "{\"a\":%s,\"b\":%s}"
                        .formatted(
                                RawFile.entry("U8", "[4]", 0, 4), RawFile.entry("U8", "[4]", 3, 7)),
                7);
        refuses("tensor 'b': data begins at byte 3, inside the tensor before it, which ends at 4");
    }

    @Test
    void gapIsRefused() throws IOException {
        RawFile.write(
                file,
                "{\"a\":%s,\"b\":%s}"
                        .formatted(
                                RawFile.entry("U8", "[4]", 0, 4), RawFile.entry("U8", "[4]", 5, 9)),
                9);
        refuses("tensor 'b': data begins at byte 5; bytes 4 to 5 belong to no tensor");
    }

    @Test
    void bytesAfterTheLastTensorAreRefused() throws IOException {
        RawFile.write(file, "{\"a\":" + RawFile.entry("U8", "[4]", 0, 4) + "}", 7);
        refuses(
                "has 3 bytes after its last tensor; its header is invalid or something was"
                        + " appended");
    }

    @Test
    void nameWithHalfASurrogatePairIsRefused() throws IOException {
        RawFile.write(file, "{\"\\ud800\":" + RawFile.entry("U8", "[1]", 0, 1) + "}", 1);
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("the header is not valid JSON at character 8: a key")
                .hasMessageEndingWith("is not valid Unicode");
    }

    @Test
    void longNameIsCutSoThatTheReasonStaysReadable() throws IOException {
        String name = "n".repeat(10_000);
        RawFile.write(file, "{\"%s\":7}".formatted(name), 0);
        refuses("tensor '%s…': its description is not an object".formatted(name.substring(0, 200)));
    }

    @Test
    void aHundredThousandTensorsAreReadWithinSeconds() throws IOException {
        int count = 100_000;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"model.layers.%d.mlp.weight\":".formatted(i))
                    .append(RawFile.entry("U8", "[1,1]", i, i + 1));
        }
        RawFile.write(file, header.append('}').toString(), count);
        long begin = System.nanoTime();
        assertThat(SafetensorsHeader.read(file).entries()).hasSize(count);
        assertThat((System.nanoTime() - begin) / 1e9).isLessThan(5);
    }

    private static String shape(String shape) {
        return "{\"dtype\":\"U8\",\"shape\":%s,\"data_offsets\":[0,1]}".formatted(shape);
    }

    private void writeLength(long length, int following) throws IOException {
        byte[] bytes = new byte[8 + following];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes);
    }

    private void refusesTensor(String entry, String message) throws IOException {
        RawFile.write(file, "{\"x\":%s}".formatted(entry), 1);
        refuses("tensor 'x': " + message);
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessage(file + ": " + message)
                .extracting(e -> ((MergeException) e).exitCode())
                .isEqualTo(ExitCode.INPUT);
    }
}
