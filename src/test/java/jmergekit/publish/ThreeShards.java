package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// A model of three shards, with one tensor of four bytes in each.
final class ThreeShards {
    static final ShardLayout LAYOUT =
            ShardLayout.plan(
                    ShardFormat.SAFETENSORS,
                    Stream.of("a", "b", "c")
                            .map(name -> new TensorSpec(name, DType.U8, Shape.of(4)))
                            .toList(),
                    4);

    static final RunRecord RECORD = new RunRecord("plan 1", List.of("base of Monday"));

    private ThreeShards() {}

    /// The file of a shard, counted from 1.
    static String file(int shard) {
        return "model-0000%d-of-00003.safetensors".formatted(shard);
    }

    static void fill(ShardWriter writer, int shard) {
        byte first = (byte) (10 * shard);
        byte[] bytes = {first, (byte) (first + 1), (byte) (first + 2), (byte) (first + 3)};
        String tensor = List.of("a", "b", "c").get(shard - 1);
        writer.write(tensor, 0, MemorySegment.ofArray(bytes));
    }

    static void finish(ShardWriter writer, int shard) {
        fill(writer, shard);
        writer.finishShard(file(shard), "note " + shard);
    }

    /// Makes what is not finished, and publishes.
    ///
    /// @return the bytes of tensors that were made
    static long complete(OutputFolder folder) {
        try (ShardWriter writer = folder.weights(LAYOUT)) {
            for (int shard = 1; shard <= 3; shard++) {
                if (!folder.finished(LAYOUT).containsKey(file(shard))) {
                    finish(writer, shard);
                }
            }
            writer.finish();
            folder.add(new OutputFile.Text("config.json", "{}"));
            folder.publish();
            return writer.written();
        }
    }

    /// A run that is stopped when it has finished some of the shards and filled the rest.
    static void stopAfter(OutputPlace place, RunRecord record, int... shards) {
        try (OutputFolder folder = OutputFolder.create(place, record, false);
                ShardWriter writer = folder.weights(LAYOUT)) {
            for (int shard : shards) {
                finish(writer, shard);
            }
        }
    }

    /// Whether a folder holds the model that an uninterrupted run makes, and nothing else.
    static void assertComplete(Path folder, Path temporary) throws IOException {
        Path expected = temporary.resolve("expected-" + FolderNames.newRun());
        try (OutputFolder whole = OutputFolder.create(OutputPlace.of(expected, false, false))) {
            complete(whole);
        }
        assertThat(names(folder)).containsExactlyElementsOf(names(expected));
        for (String name : names(expected)) {
            assertThat(folder.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
        Removal.ofAll(expected);
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
