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
import java.util.stream.Stream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardWriterTest {
    private static final List<TensorSpec> TENSORS =
            List.of(
                    new TensorSpec("a.weight", DType.U8, Shape.of(5)),
                    new TensorSpec("scalar", DType.F32, Shape.of()),
                    new TensorSpec("empty", DType.BF16, Shape.of(0, 4)),
                    new TensorSpec("层.\"quoted\"\\\n\uD83D\uDE00", DType.BF16, Shape.of(3, 2)),
                    new TensorSpec("big", DType.F64, Shape.of(1000)));

    @TempDir Path folder;

    // The tensors have 5, 4, 0, 12 and 8000 bytes, 8021 in all.
    @ParameterizedTest
    @ValueSource(longs = {1, 9, 20, 8020, 8021, 1_000_000})
    void whatIsWrittenIsRead(long maxBytes) {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, maxBytes);
        try (ShardWriter writer = ShardWriter.create(folder, layout, false)) {
            TENSORS.forEach(t -> writer.write(t.name(), 0, MemorySegment.ofArray(data(t))));
            assertThat(writer.written()).isEqualTo(8021);
            writer.finish();
        }
        Problems problems = new Problems();
        Checkpoint checkpoint =
                Checkpoint.open(folder, List.of(SafetensorsHeader.FORMAT), problems);
        assertThat(problems.all()).isEmpty();
        assertThat(checkpoint.tensors()).containsExactlyInAnyOrderElementsOf(TENSORS);
        for (TensorSpec tensor : TENSORS) {
            TensorLocation location = checkpoint.find(tensor.name()).orElseThrow();
            assertThat(location.entry())
                    .isEqualTo(layout.place(tensor.name()).orElseThrow().entry());
            assertThat(read(location)).containsExactly(data(tensor));
            assertThat(SafetensorsHeader.read(location.header().file()).metadata())
                    .containsEntry("format", "pt");
        }
        assertThat(folder.resolve(SafetensorsHeader.FORMAT.index()).toFile().exists())
                .isEqualTo(layout.shards().size() > 1);
    }

    @Test
    void partsMayComeInAnyOrderFromAnyThread() {
        TensorSpec big = TENSORS.getLast();
        MemorySegment bytes = MemorySegment.ofArray(data(big));
        try (ShardWriter writer =
                ShardWriter.create(
                        folder,
                        ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(big), Long.MAX_VALUE),
                        false)) {
            IntStream.range(0, 800)
                    .parallel()
                    .forEach(i -> writer.write("big", i * 10L, bytes.asSlice(i * 10L, 10)));
            writer.finish();
        }
        Checkpoint checkpoint =
                Checkpoint.open(folder, List.of(SafetensorsHeader.FORMAT), new Problems());
        assertThat(read(checkpoint.find("big").orElseThrow())).containsExactly(data(big));
    }

    @Test
    void mappedTensorsAreCopied() throws IOException {
        TensorSpec tensor = new TensorSpec("x", DType.U8, Shape.of(3_000_001));
        ShardLayout layout =
                ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(tensor), Long.MAX_VALUE);
        Path first = Files.createDirectory(folder.resolve("first"));
        try (ShardWriter writer = ShardWriter.create(first, layout, false)) {
            writer.write("x", 0, MemorySegment.ofArray(data(tensor)));
            writer.finish();
        }
        Path second = Files.createDirectory(folder.resolve("second"));
        SafetensorsHeader header = SafetensorsHeader.read(first.resolve("model.safetensors"));
        try (WeightFile file = WeightFile.open(header);
                ShardWriter writer = ShardWriter.create(second, layout, false)) {
            writer.write("x", 0, file.view(header.entries().getFirst()).bytes());
            writer.finish();
        }
        assertThat(second.resolve("model.safetensors"))
                .hasSameBinaryContentAs(first.resolve("model.safetensors"));
    }

    @Test
    void noTensorsGiveAFileWithAHeaderOnly() {
        try (ShardWriter writer =
                ShardWriter.create(
                        folder, ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(), 10), true)) {
            writer.finish();
        }
        assertThat(SafetensorsHeader.read(folder.resolve("model.safetensors")).entries()).isEmpty();
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

    @Test
    void twoRunsGiveTheSameFiles() throws IOException {
        for (String run : List.of("one", "two")) {
            Path target = Files.createDirectory(folder.resolve(run));
            try (ShardWriter writer =
                    ShardWriter.create(
                            target, ShardLayout.plan(ShardFormat.SAFETENSORS, TENSORS, 20), true)) {
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
