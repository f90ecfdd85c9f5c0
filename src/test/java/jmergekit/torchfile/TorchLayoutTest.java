package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static List<TensorSpec> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new TensorSpec(
                                "model.layers.%d.block_sparse_moe.experts.%d.w1.weight"
                                        .formatted(i / 100, i % 100),
                                DType.F8_E4M3,
                                Shape.of(1, 1, 1, 1, 1)))
                .toList();
    }

    @Test
    void asManyTensorsAsFitAreReadAgain() throws IOException {
        TorchLayout layout = TorchLayout.of("m.bin", many(TorchLayout.MAX_TENSORS));

        assertThat(TorchHeader.read(write(layout)).entries()).isEqualTo(layout.entries());
    }

    @Test
    void moreAreRefused() {
        List<TensorSpec> tensors = many(TorchLayout.MAX_TENSORS + 1);

        assertThatThrownBy(() -> TorchLayout.of("m.bin", tensors))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "m.bin: would hold 40001 tensors, at most 40000 fit; ask for smaller"
                                + " shards")
                .extracting(e -> ((MergeException) e).exitCode())
                .isEqualTo(ExitCode.OUTPUT);
    }
}
