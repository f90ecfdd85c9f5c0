package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import jmergekit.problem.MergeException;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipCheckpointTest {
    private static final int LISTING = 0x02014b50;
    private static final int END = 0x06054b50;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void membersAreFound(boolean zip64) throws IOException {
        ZipBytes zip = twoBytes();
        TorchHeader header = TorchHeader.read(write(zip64 ? zip.zip64() : zip));

        assertThat(bytes(header)).containsExactly(5, 6);
    }

    @Test
    void archiveMayEndWithAComment() throws IOException {
        byte[] zip = Files.readAllBytes(write(twoBytes()));
        zip[zip.length - 2] = 3;
        Path file = Files.write(folder.resolve("m.bin"), zip);
        Files.write(file, new byte[3], StandardOpenOption.APPEND);

        assertThat(bytes(TorchHeader.read(file))).containsExactly(5, 6);
    }

    @Test
    void compressedStorageIsRefusedByName() throws IOException {
        Path file = folder.resolve("m.bin");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            stored(zip, "m/data.pkl", pickle());
            zip.putNextEntry(new ZipEntry("m/data/0"));
            zip.write(new byte[] {5, 6});
        }

        refuses(
                file,
                "member 'm/data/0' is compressed; PyTorch stores members unchanged: save the file"
                        + " again with PyTorch");
    }

    @Test
    void encryptedMemberIsRefused() throws IOException {
        refuses(patched(LISTING, 8, 1), "member 'm/data.pkl' is encrypted");
    }

    @Test
    void membersThatOverlapAreRefused() throws IOException {
        // The second listing now points at the first member.
        Path file = write(twoBytes());
        ByteBuffer zip = read(file);
        int second = indexOf(zip, LISTING, indexOf(zip, LISTING, 0) + 1);
        zip.putInt(second + 42, 4);
        Files.write(file, zip.array());

        refuses(file, "members 'm/data.pkl' and 'm/data/0' overlap");
    }

    @Test
    void twoMembersOfOneNameAreRefused() throws IOException {
        refuses(
                write(twoBytes().add("m/data/0", new byte[] {7, 8})),
                "two members have the name 'm/data/0'");
    }

    @Test
    void sizesAndOffsetsBeyondTheFileAreRefused() throws IOException {
        String beyond = "and the directory begins at";

        refuses(patched(LISTING, 20, 0xfffffff0), beyond);
        refuses(patched(LISTING, 42, 0x7fffffff), beyond);
        refuses(patched(LISTING, 42, 0xfffffffe), beyond);
    }

    @Test
    void memberWhoseOwnHeaderSaysOtherwiseIsRefused() throws IOException {
        refuses(patched(LISTING, 42, 2), "the header of member 'm/data.pkl' is damaged at byte 2");
        refuses(patched(0x04034b50, 26, 0x00000009), "its name is 'm/data.pk'");
        refuses(patched(0x04034b50, 28, 0x2f6d7fff), "is cut off");
    }

    @Test
    void wrongEndsAreRefused() throws IOException {
        refuses(patched(END, 16, 0x7fffffff), "its zip directory would have");
        refuses(patched(END, 12, 0x7fffffff), "its zip directory would have");
        refuses(patched(END, 8, 0x00070007), "its zip directory is cut off at byte");
        Path cut = write(twoBytes());
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 60));
        refuses(cut, "begins like a zip archive, but does not end like one; the file is truncated");
    }

    @Test
    void zip64EndBeyondTheFileIsRefused() throws IOException {
        Path file = write(twoBytes().zip64());
        ByteBuffer zip = read(file);
        zip.putLong(indexOf(zip, 0x07064b50, 0) + 8, Long.MAX_VALUE);
        Files.write(file, zip.array());

        refuses(file, "its zip64 end would be at byte 9223372036854775807");
    }

    @Test
    void tooManyMembersAreRefused() throws IOException {
        Path file = write(twoBytes().zip64());
        ByteBuffer zip = read(file);
        zip.putLong(indexOf(zip, 0x06064b50, 0) + 32, 500_001);
        Files.write(file, zip.array());

        refuses(file, "its zip directory lists 500001 members, at most 500000 are read");
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(twoBytes()));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("m.bin"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TorchHeader.read(file)).isInstanceOf(MergeException.class);
        }
    }

    @Test
    void missingStorageIsRefused() throws IOException {
        refuses(
                write(new ZipBytes().add("m/data.pkl", pickle())),
                "has no member 'm/data/0' for a storage");
    }

    @Test
    void storageOfAnotherSizeIsRefused() throws IOException {
        refuses(
                write(new ZipBytes().add("m/data.pkl", pickle()).add("m/data/0", new byte[3])),
                "storage 'm/data/0' has the wrong size (expected 2 bytes, found 3)");
    }

    @Test
    void bigEndianIsRefused() throws IOException {
        refuses(
                write(twoBytes().add("m/byteorder", ascii("big"))),
                "its byte order is not supported (expected 'little', found 'big')");
        assertThat(
                        TorchHeader.read(write(twoBytes().add("m/byteorder", ascii("little"))))
                                .entries())
                .hasSize(1);
    }

    @Test
    void otherArchivesAreRefused() throws IOException {
        refuses(
                write(new ZipBytes().add("readme.txt", new byte[1])),
                "is a zip archive, but not a PyTorch checkpoint: it has no '*/data.pkl'");
        refuses(
                write(twoBytes().add("m/constants.pkl", new byte[1])),
                "is a TorchScript program, not a checkpoint: it has 'constants.pkl'");
    }

    private static ZipBytes twoBytes() {
        return new ZipBytes().add("m/data.pkl", pickle()).add("m/data/0", new byte[] {5, 6});
    }

    private static byte[] pickle() {
        return PickleBytes.protocol2().op('}').text("a").row("ByteStorage", "0", 2).op('s').stop();
    }

    private static void stored(ZipOutputStream zip, String name, byte[] data) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(data);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(data.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(data);
    }

    /// The archive of two bytes, with four bytes changed after the first `signature`.
    private Path patched(int signature, int offset, int value) throws IOException {
        Path file = write(twoBytes());
        ByteBuffer zip = read(file);
        zip.putInt(indexOf(zip, signature, 0) + offset, value);
        return Files.write(file, zip.array());
    }

    private static int indexOf(ByteBuffer bytes, int signature, int from) {
        for (int i = from; i < bytes.capacity() - 3; i++) {
            if (bytes.getInt(i) == signature) {
                return i;
            }
        }
        throw new AssertionError(Integer.toHexString(signature));
    }

    private static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path write(ZipBytes zip) throws IOException {
        return zip.write(folder.resolve("m.bin"));
    }

    private static byte[] bytes(TorchHeader header) {
        TensorEntry entry = header.entries().getFirst();
        try (WeightFile file = WeightFile.open(header)) {
            return file.bytes(entry).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> TorchHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
