package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jmergekit.fixture.PickleBytes;
import jmergekit.problem.MergeException;
import jmergekit.torchfile.Pickled.Items;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles made to take all memory, all time, or all of the stack.
class HostilePickleTest {
    private static final String TOO_MANY =
            "holds too many values (expected at most 128 MB of names, shapes and other values,"
                    + " enough for about 60,000 matrices); save only the tensors";

    @TempDir Path folder;

    @Test
    void depthCostsNothing() throws IOException {
        PickleBytes deep = PickleBytes.protocol2();
        for (int i = 0; i < 500_000; i++) {
            deep.op(']');
        }
        for (int i = 1; i < 500_000; i++) {
            deep.op('a');
        }

        assertThat(read(deep.stop())).isInstanceOf(Items.class);
    }

    @Test
    void valueThatHoldsItselfIsRead() throws IOException {
        Items self = (Items) read(PickleBytes.protocol2().op(']', 'q', 0, 'h', 0, 'a').stop());

        assertThat(self.get(0)).isSameAs(self);
    }

    @Test
    void listsThatDoubleAreHeldOnce() throws IOException {
        PickleBytes laughs = PickleBytes.protocol2().op(']');
        for (int i = 0; i < 200; i++) {
            laughs.op('2', 0x86);
        }

        assertThat(read(laughs.stop())).isInstanceOf(Items.class);
    }

    @ParameterizedTest
    @ValueSource(chars = {']', '}', '('})
    void floodsOfValuesAreRefused(char opcode) throws IOException {
        byte[] flood = new byte[17_000_000];
        Arrays.fill(flood, (byte) opcode);

        assertThatThrownBy(() -> read(flood))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(TOO_MANY);
    }

    @Test
    void memoOfHugeNumbersIsRefused() {
        byte[] pickle = PickleBytes.protocol2().op('N', 'r').int32(-1).stop();

        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(TOO_MANY);
    }

    @Test
    void listThatIsCopiedOverAndOverIsRefused() {
        PickleBytes flood = PickleBytes.protocol2().op(']', 'q', 0).mark();
        for (int i = 0; i < 20_000; i++) {
            flood.op('N', 'N', 0x86);
        }
        flood.op('e', '0').global("collections", "OrderedDict").op('q', 1, '0');
        for (int i = 0; i < 20_000; i++) {
            flood.op('h', 1, 'h', 0, 0x85, 'R', '0');
        }

        assertThatThrownBy(() -> read(flood.stop()))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(TOO_MANY);
    }

    @Test
    void endlessPickleIsRefused() throws IOException {
        Path file = folder.resolve("p");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(PickleBytes.protocol2().op(0x8e).int64(100_000_000).bytes());
            sparse.setLength(200_000_000);
        }

        try (FileChannel channel = FileChannel.open(file)) {
            assertThatThrownBy(() -> Pickle.read(file, channel, 0, channel.size()))
                    .isInstanceOf(MergeException.class)
                    .hasMessage(
                            file
                                    + ": its pickle is too long (expected at most 100000000 bytes"
                                    + " of names, shapes and other values); save only"
                                    + " the tensors, in several shards or as safetensors");
        }
    }

    @Test
    void cutsAreTruncationOrDamage() throws IOException {
        byte[] whole =
                Files.readAllBytes(
                        Path.of("src", "test", "resources", "torchfile", "views-stream.bin"));
        for (int length = 0; length < whole.length; length += 5) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TorchHeader.read(file)).isInstanceOf(MergeException.class);
        }
    }

    private Pickled read(byte[] pickle) throws IOException {
        Path file = Files.write(folder.resolve("p"), pickle);
        try (FileChannel channel = FileChannel.open(file)) {
            return Pickle.read(file, channel, 0, pickle.length).root();
        }
    }
}
