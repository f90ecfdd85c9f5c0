package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.PickleBytes;
import jmergekit.problem.MergeException;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCheckpointTest {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final byte[] MACHINE = machine(true);
    private static final byte[] VERSION = PickleBytes.protocol2().number(1001).stop();
    private static final byte[] KEYS = keys("7");
    private static final byte[] STORAGE = new PickleBytes().int64(3).op(5, 6, 7).bytes();

    @TempDir Path folder;

    @Test
    void storagesFollowThePickles() throws IOException {
        TorchHeader header =
                TorchHeader.read(stream(magic(), VERSION, MACHINE, object(), KEYS, STORAGE));

        TensorEntry entry = header.entries().getFirst();
        try (WeightFile file = WeightFile.open(header)) {
            assertThat(file.bytes(entry).toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6, 7);
        }
    }

    @Test
    void otherPicklesAreRefused() throws IOException {
        refuses("is a pickle, but no PyTorch checkpoint", object());
        refuses("is a pickle, but no PyTorch checkpoint", VERSION);
        refuses(
                "is a PyTorch checkpoint of an unknown version",
                magic(),
                PickleBytes.protocol2().number(1002).stop());
    }

    @Test
    void bigEndianIsRefused() throws IOException {
        refuses(
                "its byte order is not supported: it is not little-endian",
                magic(),
                VERSION,
                machine(false));
        refuses("its byte order is not supported", magic(), VERSION, VERSION);
    }

    @Test
    void keysMustBeThoseOfTheTensors() throws IOException {
        String notUsed = "its list of storages names one that is not used, or one twice";
        String notThatMany = "its list of storages is not that of the 1 used";

        refuses(notUsed, magic(), VERSION, MACHINE, object(), keys("8"), STORAGE);
        refuses(notThatMany, magic(), VERSION, MACHINE, object(), keys("7", "8"), STORAGE);
        refuses(notThatMany, magic(), VERSION, MACHINE, object(), keys(), STORAGE);
        refuses(notThatMany, magic(), VERSION, MACHINE, object(), VERSION, STORAGE);
    }

    @Test
    void storageOfAnotherSizeIsRefused() throws IOException {
        byte[] four = new PickleBytes().int64(4).op(5, 6, 7, 8).bytes();

        refuses("storage '7' is damaged at byte", magic(), VERSION, MACHINE, object(), KEYS, four);
    }

    @Test
    void truncatedStorageIsRefused() throws IOException {
        refuses(
                "storage '7' is cut off at byte",
                magic(),
                VERSION,
                MACHINE,
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

        refuses("storage '7' has two types or sizes", magic(), VERSION, MACHINE, object);
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

        refuses("has a storage '7' that is a part of another", magic(), VERSION, MACHINE, object);
    }

    private static byte[] magic() {
        PickleBytes pickle = PickleBytes.protocol2().op(0x8a, 10);
        byte[] big = MAGIC.toByteArray();
        for (int i = big.length - 1; i >= 0; i--) {
            pickle.op(big[i]);
        }
        return pickle.stop();
    }

    private static byte[] machine(boolean little) {
        return PickleBytes.protocol2()
                .op('}')
                .text("little_endian")
                .op(little ? 0x88 : 0x89, 's')
                .stop();
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
