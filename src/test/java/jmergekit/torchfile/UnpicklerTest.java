package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import jmergekit.fixture.PickleBytes;
import jmergekit.problem.MergeException;
import jmergekit.torchfile.Pickled.Items;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Tensor;
import jmergekit.torchfile.Pickled.Text;
import jmergekit.torchfile.Pickled.Whole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
    @TempDir Path folder;

    @Test
    void numbersOfEveryWidthAreRead() throws IOException {
        Items items =
                (Items)
                        read(p -> {
                            p.mark().op('K', 200).op('M', 1, 2).op('J').int32(-2);
                            p.number(0).number(-1).number(Long.MIN_VALUE).op(0x8a, 0);
                            p.op('t');
                        });

        assertThat(wholes(items)).containsExactly(200L, 513L, -2L, 0L, -1L, Long.MIN_VALUE, 0L);
    }

    @Test
    void dictionaryMayBeMadeInFourWays() throws IOException {
        Consumer<PickleBytes> pair = p -> p.text("a").number(1);

        assertThat(valueOfA(p -> pair.accept(p.op('}')), 's')).isEqualTo(1);
        assertThat(valueOfA(p -> pair.accept(p.op('}').mark()), 'u')).isEqualTo(1);
        assertThat(valueOfA(p -> pair.accept(p.mark()), 'd')).isEqualTo(1);
        assertThat(
                        valueOfA(
                                p -> {
                                    // How Python 2 wrote an OrderedDict: from a list of pairs.
                                    p.global("collections", "OrderedDict").op(']').mark();
                                    pair.accept(p.op(']').mark());
                                    p.op('e', 'e', 0x85);
                                },
                                'R'))
                .isEqualTo(1);
    }

    @Test
    void memoGivesTheSameValueAgain() throws IOException {
        Items items =
                (Items)
                        read(p ->
                                p.mark()
                                        .op(']', 'q', 0, 'h', 0)
                                        .op(')', 'r', 1, 0, 0, 0, 'j', 1, 0, 0, 0)
                                        .op('}', 0x94, 'h', 2)
                                        .op('t'));

        assertThat(items.get(0)).isSameAs(items.get(1));
        assertThat(items.get(2)).isSameAs(items.get(3));
        assertThat(items.get(4)).isSameAs(items.get(5));
    }

    @Test
    void floatingPointNumbersBytesAndSetsArePassedOver() throws IOException {
        Items items =
                (Items)
                        read(p -> {
                            p.mark().op('G').int64(0).op('C', 1, 9).op('B').int32(1).op(9);
                            p.op(0x8e).int64(1).op(9).op(0x96).int64(1).op(9);
                            p.op(0x8b).int32(2).op(9, 9);
                            p.op(0x8f).mark().op(0x88, 0x90).mark().op(0x89, 0x91);
                            p.op('U', 1, 0xff).op('N').op('t');
                        });

        assertThat(items.size()).isEqualTo(10);
    }

    @Test
    void longStringsArePassedOver() throws IOException {
        Items items = (Items) read(p -> p.text("x".repeat(70_000)).text("y").op(0x86));

        assertThat(items.get(0).kind()).isEqualTo("a long string");
        assertThat(items.get(1)).isEqualTo(new Text("y"));
    }

    @Test
    void attributesOfContainersAndTensorsAreLeftAside() throws IOException {
        assertThat(read(p -> p.op('}', '}', 'b'))).isInstanceOf(Mapping.class);
        assertThat(read(p -> p.row("FloatStorage", "0", 1).op('}', 'b')))
                .isInstanceOf(Tensor.class);
    }

    @ParameterizedTest
    @CsvSource({
        "posix, system",
        "os, system",
        "builtins, eval",
        "__builtin__, getattr",
        "collections, namedtuple",
        "torch, load",
        "torch._utils, _rebuild_tensor_v2.__globals__",
        "torch.serialization, load",
        "numpy.core.multiarray, scalar",
        "argparse, Namespace"
    })
    void whatIsNoPartOfATensorIsRefusedByName(String module, String name) {
        String refusal =
                ("its pickle uses '%s.%s', which plain tensors do not need; none of its code was"
                                + " run")
                        .formatted(module, name);

        refuses(p -> p.global(module, name).text("touch /tmp/harm").op(0x85, 'R'), refusal);
        refuses(p -> p.text(module).text(name).op(0x93).op(')', 0x81), refusal);
    }

    @ParameterizedTest
    @ValueSource(chars = {'i', 'o', 'P', 'I', 'S', 0x92, 0x82, 0x97})
    void opcodesThatCheckpointsDoNotUseAreRefused(char opcode) {
        refuses(p -> p.op(opcode), "which checkpoints do not use");
    }

    @Test
    void dtypesThatAreNotSupportedAreRefusedByName() {
        refuses(
                p -> p.global("torch", "ComplexFloatStorage"),
                "its pickle holds tensors of 'torch.ComplexFloatStorage', which are not supported");
    }

    @Test
    void onlyListedNamesAreCalledAndOnlyWithATuple() {
        refuses(p -> p.text("f").op(')', 'R'), "a string is called with a tuple");
        refuses(
                p -> p.global("collections", "OrderedDict").op('}', 'R'),
                "'collections.OrderedDict' is called with a dictionary");
        refuses(
                p -> p.global("torch", "FloatStorage").op(')', 'R'),
                "'torch.FloatStorage' is called");
        refuses(p -> p.global("torch", "float32").op(')', 'R'), "'torch.float32' is called");
    }

    @Test
    void attributesOfOtherValuesAreRefused() {
        refuses(
                p -> p.global("torch", "Size").op('}', 'b'),
                "'torch.Size' has no attributes to set");
        refuses(p -> p.op(']', '}', 'b'), "a list has no attributes to set");
    }

    @Test
    void missingValuesMarksAndMemosAreDamage() {
        refuses(p -> p.op('0'), "a value is missing");
        refuses(p -> p.op('R'), "a value is missing");
        refuses(p -> {}, "a value is missing");
        refuses(p -> p.op('N').mark().op('2'), "a value is missing");
        refuses(p -> p.op('N').mark().op(0x85), "a value is missing");
        refuses(p -> p.op('t'), "a mark is missing");
        refuses(p -> p.op('h', 3), "value 3 is used before it is defined");
        refuses(p -> p.op('j').int32(-1), "value 4294967295 is used before it is defined");
        refuses(p -> p.op('N').text("x").op(0x93), "a string is missing");
        refuses(p -> p.op('}').mark().op('N', 'u'), "a key has no value");
        refuses(p -> p.op(')', 'N', 'a'), "a tuple is not a list to add to");
        refuses(p -> p.op(']', 'N', 'N', 's'), "a list is not a dictionary to add to");
    }

    @Test
    void damageIsPlaced() {
        refuses(
                p -> p.op('N', 0xf7),
                "its pickle is damaged at byte 3: 0xf7 is not a pickle opcode");
    }

    @Test
    void unknownProtocolIsRefused() {
        refuses(p -> p.op(0x80, 6), "its pickle has protocol 6, and 5 is the latest known");
    }

    @Test
    void lengthsBeyondTheFileAreTruncation() {
        String cut = "its pickle is cut off at byte ";

        refuses(p -> p.op('X').int32(-1).op('a'), cut);
        refuses(p -> p.op('X').int32(100).op('a'), cut);
        refuses(p -> p.op(0x8d).int64(-1), cut);
        refuses(p -> p.op(0x8d).int64(Long.MAX_VALUE), cut);
        refuses(p -> p.op(0x8e).int64(Long.MIN_VALUE), cut);
        refuses(p -> p.op('B').int32(-1), cut);
        refuses(p -> p.op(0x8b).int32(-1), cut);
        refuses(p -> p.op(0x8a, 255), cut);
        refuses(p -> p.op('c', 'a'), cut);
    }

    private void refuses(Consumer<PickleBytes> steps, String message) {
        assertThatThrownBy(() -> read(steps))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(folder.resolve("p").toString())
                .hasMessageContaining(message);
    }

    private long valueOfA(Consumer<PickleBytes> made, int last) throws IOException {
        Mapping mapping = (Mapping) read(p -> made.andThen(q -> q.op(last)).accept(p));
        return ((Whole) mapping.find("a").orElseThrow()).value();
    }

    private static List<Long> wholes(Items items) {
        return IntStream.range(0, items.size())
                .mapToObj(i -> ((Whole) items.get(i)).value())
                .toList();
    }

    private Pickled read(Consumer<PickleBytes> steps) throws IOException {
        PickleBytes pickle = PickleBytes.protocol2();
        steps.accept(pickle);
        return read(pickle.stop());
    }

    private Pickled read(byte[] pickle) throws IOException {
        Path file = Files.write(folder.resolve("p"), pickle);
        try (FileChannel channel = FileChannel.open(file)) {
            return Pickle.read(file, channel, 0, pickle.length).root();
        }
    }
}
