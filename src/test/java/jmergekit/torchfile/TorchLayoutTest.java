package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.FileLayout;
import jmergekit.weights.TensorEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TorchLayoutTest {
    @TempDir Path folder;

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// A file without its data, as far as it is not zero.
    private Path write(TorchLayout layout) throws IOException {
        Path path = folder.resolve("pytorch_model.bin");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(layout.head());
            for (FileLayout.Piece piece : layout.pieces(_ -> 0).toList()) {
                file.seek(piece.begin());
                file.write(piece.bytes());
            }
        }
        return path;
    }

    /// Each opcode by its letter, as the module pickletools documents them.
    @Test
    void thePickleOfOneTensor() {
        byte[] pickle =
                StateDictPickle.of(List.of(new TensorSpec("w", DType.F16, Shape.of(3, 300))));

        assertThat(text(pickle))
                .isEqualTo(
                        "\u0080\u0002}(X\1\0\0\0w"
                                + "ctorch._utils\n_rebuild_tensor_v2\nq\0("
                                + "(X\7\0\0\0storageq\1ctorch\nHalfStorage\nq\2"
                                + "X\1\0\0\0000X\3\0\0\0cpuq\3M\u0084\3tQ"
                                + "K\0(K\3M,\1t(M,\1K\1t"
                                + "\u0089ccollections\nOrderedDict\nq\4)RtRu.");
    }

    @Test
    void whatComesAgainIsWrittenOnce() {
        TensorSpec spec = new TensorSpec("a", DType.F16, Shape.of());

        String pickle = text(StateDictPickle.of(List.of(spec, spec.withName("b"))));

        assertThat(pickle.substring(pickle.indexOf("X\1\0\0\0b")))
                .isEqualTo("X\1\0\0\0bh\0((h\1h\2X\1\0\0\0001h\3K\1tQK\0(t(t\u0089h\4)RtRu.");
    }

    /// Signed numbers of 1, 2 and 4 bytes, and of as many as it takes.
    @Test
    void numbersAreAsShortAsTheyCanBe() {
        List<String> expected =
                List.of(
                        "4b00",
                        "4bff",
                        "4d0001",
                        "4dffff",
                        "4a00000100",
                        "4affffff7f",
                        "8a050000008000",
                        "8a05ffffffff7f",
                        "8a06000000008000",
                        "8a08ffffffffffffff7f");
        long[] values = {
            0,
            255,
            256,
            65_535,
            65_536,
            Integer.MAX_VALUE,
            1L << 31,
            (1L << 39) - 1,
            1L << 39,
            Long.MAX_VALUE
        };
        assertThat(
                        LongStream.of(values)
                                .mapToObj(v -> new PickleWriter().whole(v).bytes())
                                .map(b -> HexFormat.of().formatHex(b, 2, b.length)))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void theArchiveBeginsWithItsPickle() {
        TensorSpec spec = new TensorSpec("w", DType.U8, Shape.of(2));
        TorchLayout layout = TorchLayout.of("m.bin", List.of(spec));
        byte[] head = layout.head();

        assertThat(head).hasSize((int) layout.headBytes());
        assertThat(text(head)).startsWith("PK\3\4").endsWith("3\n");
        assertThat(text(head).substring(64)).startsWith(text(StateDictPickle.of(List.of(spec))));
        assertThat(layout.entries().getFirst().begin()).isEqualTo(448);
    }

    private static Stream<List<TensorSpec>> tensors() {
        List<TensorSpec> all = new ArrayList<>();
        for (DType dtype : DType.values()) {
            if (dtype.isPacked()) {
                continue;
            }
            all.add(new TensorSpec(dtype.torchName(), dtype, Shape.of(3, 5)));
            all.add(new TensorSpec(dtype + ".scalar", dtype, Shape.of()));
            all.add(new TensorSpec(dtype + ".empty", dtype, Shape.of(4, 0, 2)));
            all.add(new TensorSpec(dtype + ".five", dtype, Shape.of(1, 2, 1, 3, 1)));
        }
        TensorSpec named = new TensorSpec("层.\"quoted\"\\\n\uD83D\uDE00", DType.F32, Shape.of(1));
        TensorSpec large = new TensorSpec("large", DType.BF16, Shape.of(3L << 30));
        return Stream.of(
                List.of(),
                all,
                List.of(named),
                List.of(named, large, named.withName("after"), large.withName("again")));
    }

    /// Files of more than 4 GiB have holes.
    @ParameterizedTest
    @MethodSource("tensors")
    void theReaderFindsWhatIsLaidOut(List<TensorSpec> tensors) throws IOException {
        TorchLayout layout = TorchLayout.of("m.bin", tensors);

        TorchHeader header = TorchHeader.read(write(layout));

        assertThat(header.fileSize()).isEqualTo(layout.fileSize());
        assertThat(header.entries()).containsExactlyElementsOf(layout.entries());
        assertThat(layout.entries()).map(TensorEntry::spec).containsExactlyElementsOf(tensors);
        assertThat(layout.entries()).allMatch(e -> e.begin() % 64 == 0);
    }

    private static List<TensorSpec> many(int count, String prefix, int rank, DType dtype) {
        Shape shape = new Shape(Collections.nCopies(rank, 1L));
        return IntStream.range(0, count)
                .mapToObj(i -> new TensorSpec(prefix + i, dtype, shape))
                .toList();
    }

    // FP8 takes the longer form of a pickled tensor.
    @ParameterizedTest
    @CsvSource({"30, 1, 75000", "30, 5, 60000", "1000, 3, 50000", "30, 64, 20000"})
    void asManyTensorsAsFitAreReadAgain(int nameBytes, int rank, int count) throws IOException {
        List<TensorSpec> more = many(count, "w".repeat(nameBytes), rank, DType.F8_E4M3);
        int fitting = StateDictLimits.fitting(more);
        assertThat(fitting).isBetween(count / 2, count - 1);
        TorchLayout layout = TorchLayout.of("m.bin", more.subList(0, fitting));

        assertThat(TorchHeader.read(write(layout)).entries()).isEqualTo(layout.entries());
    }

    @Test
    void tensorsOfLargeModelsFit() {
        String name = "model.layers.100.block_sparse_moe.experts.100.w1.";
        List<TensorSpec> tensors = many(50_000, name, 2, DType.F8_E4M3);

        assertThat(StateDictLimits.fitting(tensors)).isEqualTo(50_000);
    }

    @Test
    void namesFitIntoThePickle() {
        List<TensorSpec> tensors = many(2_000, "w".repeat(55_000), 0, DType.F32);

        int fitting = StateDictLimits.fitting(tensors);
        assertThat(fitting).isBetween(1_800, 1_818);
        assertThat(StateDictPickle.of(tensors.subList(0, fitting)))
                .hasSizeLessThan((int) Unpickler.LONGEST);
    }

    private static void assertRefused(List<TensorSpec> tensors, String message) {
        assertThatThrownBy(() -> TorchLayout.of("m.bin", tensors))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((MergeException) e).exitCode())
                .isEqualTo(ExitCode.OUTPUT);
    }

    @Test
    void moreAreRefused() {
        List<TensorSpec> tensors = many(70_000, "w", 5, DType.F8_E4M3);

        assertRefused(
                tensors,
                "m.bin: would hold more tensors than jmergekit reads back (expected "
                        + StateDictLimits.fitting(tensors)
                        + ", with names and shapes like these, found 70000); safetensors files can"
                        + " hold them");
    }

    @Test
    void aTensorThatIsNotReadAgainIsRefused() {
        assertRefused(
                many(1, "w", 65, DType.F32),
                "m.bin: tensor 'w0' has more dimensions than jmergekit reads back (expected at"
                        + " most 64, found 65)");
        assertRefused(
                many(1, "w".repeat(65_536), 1, DType.F32),
                "m.bin: a tensor has a longer name than jmergekit reads back (expected at most"
                        + " 65536 bytes, found 65537 bytes)");
    }
}
