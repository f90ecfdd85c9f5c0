package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.TorchFile;
import jmergekit.problem.MergeException;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCheckpointTest {
    private static final byte[] START = TorchFile.streamStart();
    private static final byte[] VERSION = PickleBytes.protocol2().number(1001).stop();
    private static final byte[] KEYS = keys("7");
    private static final byte[] STORAGE = new PickleBytes().int64(3).op(5, 6, 7).bytes();

    @TempDir Path folder;

    @Test
    void storagesFollowThePickles() throws IOException {
        TorchHeader header = TorchHeader.read(stream(START, object(), KEYS, STORAGE));

        TensorEntry entry = header.entries().getFirst();
        try (WeightFile file = WeightFile.open(header)) {
            assertThat(file.bytes(entry).toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6, 7);
        }
    }

    @Test
    void otherPicklesAreRefused() throws IOException {
        refuses("is a pickle, but not a PyTorch checkpoint", object());
        refuses("is a pickle, but not a PyTorch checkpoint", VERSION);
        refuses(
                "is a PyTorch checkpoint of an unknown version",
                TorchFile.streamMagic(),
                PickleBytes.protocol2().number(1002).stop());
    }

    @Test
    void bigEndianIsRefused() throws IOException {
        byte[] bigEndian =
                PickleBytes.protocol2().op('}').text("little_endian").op(0x89, 's').stop();

        refuses(
                "its byte order is not supported: it is not little-endian",
                TorchFile.streamMagic(),
                VERSION,
                bigEndian);
        refuses("its byte order is not supported", TorchFile.streamMagic(), VERSION, VERSION);
    }

    @Test
    void keysMustBeThoseOfTheTensors() throws IOException {
        String notUsed = "its list of storages has an unused or duplicate entry";
        String notThatMany = "its list of storages does not match the 1 in use";

        refuses(notUsed, START, object(), keys("8"), STORAGE);
        refuses(notThatMany, START, object(), keys("7", "8"), STORAGE);
        refuses(notThatMany, START, object(), keys(), STORAGE);
        refuses(notThatMany, START, object(), VERSION, STORAGE);
    }

    @Test
    void storageOfAnotherSizeIsRefused() throws IOException {
        byte[] four = new PickleBytes().int64(4).op(5, 6, 7, 8).bytes();

        refuses("storage '7' is damaged at byte", START, object(), KEYS, four);
    }

    @Test
    void truncatedStorageIsRefused() throws IOException {
        refuses(
                "storage '7' is cut off at byte",
                START,
                object(),
                KEYS,
                new PickleBytes().int64(3).op(5, 6).bytes());
    }

    @Test
    void storagesOfOneKeyMustAgree() throws IOException {
        byte[] object =
                PickleBytes.protocol2()
                        .op('}')
                        .mark()
                        .text("a")
                        .row("ByteStorage", "7", 3)
                        .text("b")
                        .row("ByteStorage", "7", 2)
                        .op('u')
                        .stop();

        refuses("storage '7' has two types or sizes", START, object);
    }

    @Test
    void storageThatIsAPartOfAnotherIsRefused() throws IOException {
        byte[] object =
                PickleBytes.protocol2()
                        .mark()
                        .text("storage")
                        .global("torch", "ByteStorage")
                        .text("7")
                        .text("cpu")
                        .number(3)
                        .tuple(1, 2)
                        .op('t', 'Q')
                        .stop();

        refuses("has a storage '7' that is part of another", START, object);
    }

    private static byte[] object() {
        return PickleBytes.protocol2().op('}').text("a").row("ByteStorage", "7", 3).op('s').stop();
    }

    private static byte[] keys(String... keys) {
        PickleBytes pickle = PickleBytes.protocol2().op(']').mark();
        for (String key : keys) {
            pickle.text(key);
        }
        return pickle.op('e').stop();
    }

    private Path stream(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return Files.write(folder.resolve("m.bin"), all.toByteArray());
    }

    private void refuses(String message, byte[]... parts) throws IOException {
        Path file = stream(parts);

        assertThatThrownBy(() -> TorchHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
