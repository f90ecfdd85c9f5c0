package jmergekit.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class ShardWriterTest {
    private static final List<TensorSpec> TENSORS =
            List.of(
                    new TensorSpec("a.weight", DType.U8, Shape.of(5)),
                    new TensorSpec("scalar", DType.F32, Shape.of()),
                    new TensorSpec("empty", DType.BF16, Shape.of(0, 4)),
                    new TensorSpec("层.\"quoted\"\\\n\uD83D\uDE00", DType.BF16, Shape.of(3, 2)),
                    new TensorSpec("big", DType.F64, Shape.of(1000)));

    private static final List<Sharding> SHARDINGS =
            Stream.of(ShardFormat.values())
                    .flatMap(format ->
                            LongStream.of(1, 9, 20, 8020, 8021, 1_000_000)
                                    .mapToObj(bytes -> new Sharding(format, bytes)))
                    .toList();

    @TempDir Path folder;

    // The tensors have 5, 4, 0, 12 and 8000 bytes, 8021 in all.
    @ParameterizedTest
    @FieldSource("SHARDINGS")
    void whatIsWrittenIsRead(Sharding sharding) {
        ShardFormat format = sharding.format();
        ShardLayout layout = sharding.layout(TENSORS);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            TENSORS.forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
            assertThat(writer.written()).isEqualTo(8021);
            writer.finish();
        }
        Problems problems = new Problems();
        Checkpoint checkpoint = Checkpoint.open(folder, List.of(format.format()), problems);
        assertThat(problems.all()).isEmpty();
        assertThat(checkpoint.tensors()).containsExactlyInAnyOrderElementsOf(TENSORS);
        for (TensorSpec tensor : TENSORS) {
            TensorLocation location = checkpoint.find(tensor.name()).orElseThrow();
            assertThat(location.entry())
                    .isEqualTo(layout.place(tensor.name()).orElseThrow().entry());
            assertThat(read(location)).containsExactly(data(tensor));
        }
        assertThat(folder.resolve(format.format().index()).toFile().exists())
                .isEqualTo(layout.shards().size() > 1);
    }

    // Transformers look at it before they load a file.
    @Test
    void safetensorsSayWhatTheyAreFor() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(), 1);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            writer.finish();
        }
        assertThat(SafetensorsHeader.read(folder.resolve("model.safetensors")).metadata())
                .containsEntry("format", "pt");
    }

    /// Java compares sizes and checksums with the data while it reads an archive.
    @Test
    void otherReadersOfArchivesReadCheckpoints() throws IOException {
        ShardLayout layout = ShardLayout.plan(ShardFormat.PYTORCH, TENSORS, 1 << 20);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            TENSORS.forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
            writer.finish();
        }
        Path file = folder.resolve("pytorch_model.bin");
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file));
                ZipFile random = new ZipFile(file.toFile())) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                byte[] content = zip.readAllBytes();
                names.add(e.getName());
                assertThat(random.getInputStream(random.getEntry(e.getName())))
                        .hasBinaryContent(content);
                if (e.getName().startsWith("archive/data/")) {
                    TensorSpec tensor = TENSORS.get(names.size() - 4);
                    assertThat(content).containsExactly(data(tensor));
                    assertThat(random.getEntry(e.getName()).getCrc()).isEqualTo(crc(content));
                }
            }
            assertThat(random.size()).isEqualTo(names.size());
        }
        assertThat(names)
                .containsExactly(
                        "archive/data.pkl",
                        "archive/byteorder",
                        "archive/version",
                        "archive/data/0",
                        "archive/data/1",
                        "archive/data/2",
                        "archive/data/3",
                        "archive/data/4");
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    @ParameterizedTest
    @EnumSource
    void partsMayComeInAnyOrderFromAnyThread(ShardFormat format) throws IOException {
        TensorSpec big = TENSORS.getLast();
        MemorySegment bytes = MemorySegment.ofArray(data(big));
        try (ShardWriter writer =
                ShardWriter.create(
                        folder, ShardLayout.plan(format, List.of(big), Long.MAX_VALUE), false)) {
            IntStream.range(0, 800)
                    .parallel()
                    .forEach(i -> writer.write("big", i * 10L, bytes.asSlice(i * 10L, 10)));
            writer.finish();
        }
        Checkpoint checkpoint = Checkpoint.open(folder, List.of(format.format()), new Problems());
        assertThat(read(checkpoint.find("big").orElseThrow())).containsExactly(data(big));
        Path other = Files.createDirectory(folder.resolve("other"));
        try (ShardWriter writer =
                ShardWriter.create(
                        other, ShardLayout.plan(format, List.of(big), Long.MAX_VALUE), false)) {
            writer.write("big", 0, bytes);
            writer.finish();
        }
        String name = format.format().single();
        assertThat(folder.resolve(name)).hasSameBinaryContentAs(other.resolve(name));
    }

    @ParameterizedTest
    @EnumSource
    void mappedTensorsAreCopied(ShardFormat format) throws IOException {
        String name = format.format().single();
        TensorSpec tensor = new TensorSpec("x", DType.U8, Shape.of(3_000_001));
        ShardLayout layout = ShardLayout.plan(format, List.of(tensor), Long.MAX_VALUE);
        Path first = Files.createDirectory(folder.resolve("first"));
        try (ShardWriter writer = ShardWriter.create(first, layout, false)) {
            writer.write("x", 0, MemorySegment.ofArray(data(tensor)));
            writer.finish();
        }
        Path second = Files.createDirectory(folder.resolve("second"));
        WeightHeader header = format.format().reader().apply(first.resolve(name));
        try (WeightFile file = WeightFile.open(header);
                ShardWriter writer = ShardWriter.create(second, layout, false)) {
            writer.write("x", 0, file.view(header.entries().getFirst()).bytes());
            writer.finish();
        }
        assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
    }

    @ParameterizedTest
    @EnumSource
    void noTensorsGiveAFileWithAHeaderOnly(ShardFormat format) {
        try (ShardWriter writer =
                ShardWriter.create(folder, ShardLayout.plan(format, List.of(), 10), true)) {
            writer.finish();
        }
        WeightFormat read = format.format();
        assertThat(read.reader().apply(folder.resolve(read.single())).entries()).isEmpty();
    }

    @Test
    void missingBytesAreFoundAtTheEnd() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS.subList(0, 1), 100);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            writer.write("a.weight", 0, MemorySegment.ofArray(new byte[4]));
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("4 bytes of tensor a.weight were written, it has 5");
        }
    }

    // Shards of 5 and 4 bytes.
    @Test
    void aShardHasItsNameWhenItIsFinished() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS.subList(0, 2), 5);
        String first = layout.shards().getFirst().fileName();
        try (ShardWriter writer = ShardWriter.create(folder, layout, true)) {
            TENSORS.subList(0, 2)
                    .forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
            assertThat(names()).noneMatch(n -> n.endsWith(".safetensors"));

            writer.finishShard(first, "");

            assertThat(names())
                    .containsExactlyInAnyOrder(
                            "model-00001-of-00002.safetensors",
                            "model-00002-of-00002.safetensors.writing");
            assertThatThrownBy(() -> writer.finishShard(first, ""))
                    .isInstanceOf(IllegalArgumentException.class);
            writer.finish();
        }
        assertThat(names()).hasSize(3).noneMatch(n -> n.endsWith(".writing"));
    }

    @Test
    void aShardThatLacksBytesIsNotFinished() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS.subList(0, 2), 5);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            writer.write("a.weight", 0, MemorySegment.ofArray(new byte[4]));
            assertThatThrownBy(() -> writer.finishShard(layout.shards().getFirst().fileName(), ""))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("4 bytes of tensor a.weight were written, it has 5");
        }
        assertThat(names()).allMatch(n -> n.endsWith(".writing"));
    }

    @Test
    void whoKeepsRecordsIsToldBeforeAShardHasItsName() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS.subList(0, 2), 5);
        List<String> told = new ArrayList<>();
        ShardFolder target =
                new ShardFolder(
                        folder,
                        ".mine",
                        false,
                        (shard, note) -> told.add(shard.fileName() + " " + note + " " + names()));
        List<ShardLayout.Shard> second = layout.shards().subList(1, 2);
        try (ShardWriter writer = ShardWriter.create(target, layout, second)) {
            writer.write("scalar", 0, MemorySegment.ofArray(new byte[4]));
            assertThatThrownBy(
                            () -> writer.write("a.weight", 0, MemorySegment.ofArray(new byte[5])))
                    .isInstanceOf(IllegalArgumentException.class);
            writer.finishShard("model-00002-of-00002.safetensors", "as planned");
        }
        assertThat(told)
                .containsExactly(
                        "model-00002-of-00002.safetensors as planned"
                                + " [model-00002-of-00002.safetensors.mine]");
        assertThat(names()).containsExactly("model-00002-of-00002.safetensors");
    }

    @Test
    void theHeadOfAShardIsWhatComesBeforeItsData() throws IOException {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS.subList(0, 1), 5);
        ShardLayout.Shard shard = layout.shards().getFirst();
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            writer.write("a.weight", 0, MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5}));
            writer.finish();
        }
        byte[] bytes = Files.readAllBytes(folder.resolve(shard.fileName()));

        assertThat(shard.head()).hasSize((int) shard.entries().getFirst().begin());
        assertThat(bytes).startsWith(shard.head()).endsWith(1, 2, 3, 4, 5);
    }

    @Test
    void bytesOutsideTheTensorAreRefused() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, 100);
        MemorySegment two = MemorySegment.ofArray(new byte[2]);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            assertThatThrownBy(() -> writer.write("a.weight", 4, two))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("2 bytes at 4 of tensor a.weight, which has 5");
            assertThatThrownBy(() -> writer.write("a.weight", -1, two))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("a.weight", Long.MAX_VALUE, two))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write("unknown", 0, two))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void existingFilesAreNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("model.safetensors"), "mine");
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, Long.MAX_VALUE);
        assertThatThrownBy(() -> ShardWriter.create(folder, layout, false))
                .isInstanceOf(MergeException.class)
                .hasMessage(file + ": cannot be written: it already exists")
                .extracting(e -> ((MergeException) e).exitCode())
                .isEqualTo(ExitCode.OUTPUT);
        assertThat(file).hasContent("mine");
    }

    @Test
    void folderThatDoesNotExistIsRefused() {
        Path missing = folder.resolve("missing");
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, 1);
        assertThatThrownBy(() -> ShardWriter.create(missing, layout, false))
                .isInstanceOf(MergeException.class)
                .hasMessageEndingWith(": cannot be written: it does not exist");
    }

    @Test
    void anExistingIndexIsNotOverwritten() throws IOException {
        Files.writeString(folder.resolve(SafetensorsHeader.FORMAT.index()), "mine");
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, 1);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            TENSORS.forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining(SafetensorsHeader.FORMAT.index() + ": cannot be written");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoRunsGiveTheSameFiles(ShardFormat format) throws IOException {
        for (String run : List.of("one", "two")) {
            Path target = Files.createDirectory(folder.resolve(run));
            try (ShardWriter writer =
                    ShardWriter.create(target, ShardLayout.plan(format, TENSORS, 20), true)) {
                Stream<TensorSpec> order =
                        run.equals("one") ? TENSORS.stream() : TENSORS.reversed().stream();
                order.forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
                writer.finish();
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("one"))) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file ->
                            assertThat(folder.resolve("two").resolve(file.getFileName()))
                                    .hasSameBinaryContentAs(file));
        }
    }

    private List<String> names() {
        return Stream.of(folder.toFile().list()).sorted().toList();
    }

    private static byte[] data(TensorSpec tensor) {
        byte[] data = new byte[(int) tensor.bytes()];
        new Random(tensor.name().hashCode()).nextBytes(data);
        return data;
    }

    private static byte[] read(TensorLocation location) {
        try (WeightFile file = WeightFile.open(location.header())) {
            return file.view(location.entry()).bytes().toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
