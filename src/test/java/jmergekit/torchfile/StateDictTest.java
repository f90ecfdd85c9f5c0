package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.Strides;
import jmergekit.weights.TensorEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateDictTest {
    private static final long[] SIX = {6};
    private static final long[] ONE = {1};

    @TempDir Path folder;

    @Test
    void viewsAreTakenAtTheirOffset() throws IOException {
        Map<String, TensorEntry> entries =
                entries(p -> {
                    p.text("all").tensor("ByteStorage", "0", 6, 0, SIX, ONE);
                    p.text("end")
                            .tensor("ByteStorage", "0", 6, 4, new long[] {2, 1}, new long[] {1, 9});
                    p.text("columns");
                    p.tensor("ByteStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
                });

        long begin = entries.get("all").begin();
        assertThat(entries.get("end").begin()).isEqualTo(begin + 4);
        assertThat(entries.get("end").strides()).isEmpty();
        assertThat(entries.get("columns").strides()).contains(Strides.of(1, 3));
        assertThat(entries.get("columns").end()).isEqualTo(begin + 6);
    }

    @Test
    void oldestAndNewestWaysToWriteATensorAreRead() throws IOException {
        Map<String, TensorEntry> entries =
                entries(p -> {
                    p.text("v1").global("torch._utils", "_rebuild_tensor").mark();
                    p.storage("torch", "ByteStorage", "0", 6).number(0).tuple(6).tuple(1);
                    p.op('t', 'R');
                    p.text("v3").global("torch._utils", "_rebuild_tensor_v3").mark();
                    p.storage("torch.storage", "UntypedStorage", "1", 6).number(1);
                    p.tuple(2).tuple(1).op(0x89).global("collections", "OrderedDict").op(')', 'R');
                    p.global("torch", "uint16").op('t', 'R');
                });

        assertThat(entries.get("v1").spec().dtype()).isEqualTo(DType.U8);
        assertThat(entries.get("v3").spec().dtype()).isEqualTo(DType.U16);
        assertThat(entries.get("v3").spec().shape()).isEqualTo(Shape.of(2));
        assertThat(entries.get("v3").end() - entries.get("v3").begin()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"float8_e4m3fn, F8_E4M3", "float8_e5m2, F8_E5M2", "uint64, U64", "bfloat16, BF16"})
    void dtypeOfAnUntypedStorageIsTheTensors(String torchName, DType dtype) throws IOException {
        Map<String, TensorEntry> entries =
                entries(
                        p -> {
                            p.text("a").global("torch._utils", "_rebuild_tensor_v3").mark();
                            p.storage("torch.storage", "UntypedStorage", "0", 8).number(0);
                            p.op(')', ')', 0x89, '}').global("torch", torchName).op('t', 'R');
                        },
                        8);

        assertThat(entries.get("a").spec().dtype()).isEqualTo(dtype);
    }

    @Test
    void parametersAndTensorsWithAttributesAreTensors() throws IOException {
        Map<String, TensorEntry> entries =
                entries(p -> {
                    p.text("parameter").global("torch._utils", "_rebuild_parameter").mark();
                    p.row("ByteStorage", "0", 6).op(0x88, '}', 't', 'R');
                    p.text("attributes").global("torch._tensor", "_rebuild_from_type_v2").mark();
                    p.global("torch._utils", "_rebuild_tensor_v2").global("torch", "Tensor").mark();
                    p.storage("torch", "ByteStorage", "0", 6).number(2).tuple(3).tuple(1);
                    p.op(0x89, '}', 't', '}', 't', 'R');
                });

        assertThat(entries.get("parameter").spec().shape()).isEqualTo(Shape.of(6));
        assertThat(entries.get("attributes").spec().shape()).isEqualTo(Shape.of(3));
    }

    @Test
    void lastOfTwoTensorsOfOneNameCounts() throws IOException {
        Map<String, TensorEntry> entries =
                entries(p -> {
                    p.text("a").row("ByteStorage", "0", 6);
                    p.text("a")
                            .tensor("ByteStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1});
                });

        assertThat(entries.get("a").spec().shape()).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void emptyTensorsNeedNoStorage() throws IOException {
        Map<String, TensorEntry> entries =
                entries(p ->
                        p.text("a")
                                .tensor(
                                        "ByteStorage",
                                        "0",
                                        6,
                                        1000,
                                        new long[] {0, 7},
                                        new long[] {7, 1}));

        assertThat(entries.get("a").spec().bytes()).isZero();
        assertThat(entries.get("a").end()).isLessThan(Files.size(folder.resolve("m.bin")));
    }

    @Test
    void tensorsBeyondTheirStorageAreRefused() {
        String needs = "tensor 'a': shape [6] with strides [%d] from element %d on needs more than";

        refuses(needs.formatted(1, 1), tensor(1, SIX, ONE));
        refuses(needs.formatted(2, 0), tensor(0, SIX, new long[] {2}));
        refuses(needs.formatted(1, Long.MAX_VALUE), tensor(Long.MAX_VALUE, SIX, ONE));
        refuses(
                "needs more than the 6 bytes of storage '0'",
                tensor(7, new long[] {}, new long[] {}));
    }

    @Test
    void shapesBeyondAnyFileAreRefused() {
        long huge = 1L << 40;

        refuses("is larger than any file", tensor(0, new long[] {huge, huge}, new long[] {0, 0}));
        refuses("is larger than any file", tensor(0, new long[] {3}, new long[] {Long.MAX_VALUE}));
    }

    @Test
    void negativeSizesStridesAndOffsetsAreDamage() {
        String other = "a call has unexpected arguments";

        refuses(other, tensor(-1, SIX, ONE));
        refuses(other, tensor(0, new long[] {-6}, ONE));
        refuses(other, tensor(0, SIX, new long[] {-1}));
        refuses(other, tensor(0, SIX, new long[] {1, 1}));
    }

    @Test
    void tooManyDimensionsAreRefused() {
        refuses("has a tensor with 65 dimensions", tensor(0, new long[65], new long[65]));
    }

    @Test
    void conjugatedTensorsAreRefused() {
        refuses(
                "stored conjugated or negated",
                p -> {
                    p.text("a").global("torch._utils", "_rebuild_tensor_v2").mark();
                    p.storage("torch", "ByteStorage", "0", 6).number(0).tuple(6).tuple(1);
                    p.op(0x89, '}', '}').text("neg").op(0x88, 's', 't', 'R');
                });
    }

    @Test
    void otherObjectsAreRefused() throws IOException {
        refusesObject("holds a list, not a dictionary of tensors", p -> p.op(']'));
        refusesObject("holds a tensor, not a dictionary", p -> p.row("ByteStorage", "0", 6));
        refusesObject("holds None, not a dictionary", p -> p.op('N'));
    }

    @Test
    void tensorsDeeperDownAreRefusedByName() {
        refuses(
                "has a dictionary of tensors under 'model', where a tensor should be; save the"
                        + " model's own state dict",
                p -> p.text("model").op('}').text("a").row("ByteStorage", "0", 6).op('s'));
        refuses(
                "has a list of tensors under 'x'",
                p -> p.text("x").op(']', ']').row("ByteStorage", "0", 6).op('a', 'a'));
    }

    @Test
    void namesMustBeStrings() {
        refuses("has a tensor under a number", p -> p.number(1).row("ByteStorage", "0", 6));
        refuses(
                "has a tensor under '__metadata__'",
                p -> p.text("__metadata__").row("ByteStorage", "0", 6));
    }

    private static Consumer<PickleBytes> tensor(long offset, long[] sizes, long[] strides) {
        return p -> p.text("a").tensor("ByteStorage", "0", 6, offset, sizes, strides);
    }

    private Map<String, TensorEntry> entries(Consumer<PickleBytes> pairs) throws IOException {
        return entries(pairs, 6);
    }

    /// Of a dictionary of these, with storages `0` and `1` of so many bytes.
    private Map<String, TensorEntry> entries(Consumer<PickleBytes> pairs, int bytes)
            throws IOException {
        return read(dictionary(pairs), bytes).entries().stream()
                .collect(Collectors.toMap(e -> e.spec().name(), e -> e));
    }

    private void refuses(String message, Consumer<PickleBytes> pairs) {
        refuses(message, dictionary(pairs));
    }

    private void refusesObject(String message, Consumer<PickleBytes> object) {
        PickleBytes pickle = PickleBytes.protocol2();
        object.accept(pickle);
        refuses(message, pickle.stop());
    }

    private void refuses(String message, byte[] pickle) {
        assertThatThrownBy(() -> read(pickle, 6))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(folder.resolve("m.bin") + ": ")
                .hasMessageContaining(message);
    }

    private static byte[] dictionary(Consumer<PickleBytes> pairs) {
        PickleBytes pickle = PickleBytes.protocol2().op('}').mark();
        pairs.accept(pickle);
        return pickle.op('u').stop();
    }

    private TorchHeader read(byte[] pickle, int bytes) throws IOException {
        return TorchHeader.read(
                new ZipBytes()
                        .add("m/data.pkl", pickle)
                        .add("m/data/0", new byte[bytes])
                        .add("m/data/1", new byte[bytes])
                        .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII))
                        .write(folder.resolve("m.bin")));
    }
}
