package jmergekit.publish;

import static jmergekit.publish.ThreeShards.RECORD;
import static jmergekit.publish.ThreeShards.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that go on from PyTorch checkpoints: of two shards, one is finished.
class ResumedCheckpointsTest {
    private static final List<TensorSpec> TENSORS =
            Stream.of("a", "b").map(n -> new TensorSpec(n, DType.I32, Shape.of(1))).toList();
    private static final ShardLayout LAYOUT = ShardLayout.plan(ShardFormat.PYTORCH, TENSORS, 4);
    private static final String FIRST = "pytorch_model-00001-of-00002.bin";
    private static final String SECOND = "pytorch_model-00002-of-00002.bin";

    @TempDir private Path temp;
    private Path kept;

    @BeforeEach
    void stopARun() throws IOException {
        kept = temp.toRealPath().resolve("out.partial");
        try (OutputFolder folder = OutputFolder.create(place("out"), RECORD, false);
                ShardWriter writer = folder.weights(LAYOUT)) {
            write(writer, "a");
            writer.finishShard(FIRST, "note");
            write(writer, "b");
        }
        assertThat(names(kept)).containsExactly(".jmergekit-run", FIRST);
    }

    private OutputPlace place(String name) throws IOException {
        return OutputPlace.of(temp.toRealPath().resolve(name), false, false);
    }

    private static void write(ShardWriter writer, String tensor) {
        writer.write(
                tensor, 0, MemorySegment.ofArray(new byte[] {1, 2, 3, (byte) tensor.hashCode()}));
    }

    /// Makes what is missing.
    ///
    /// @return the tensors that were made
    private static List<String> complete(OutputFolder folder) {
        List<String> left =
                TENSORS.stream()
                        .map(TensorSpec::name)
                        .filter(n ->
                                !folder.finished(LAYOUT)
                                        .containsKey(n.equals("a") ? FIRST : SECOND))
                        .toList();
        try (ShardWriter writer = folder.weights(LAYOUT)) {
            left.forEach(name -> write(writer, name));
            writer.finish();
            folder.add(new OutputFile.Text("config.json", "{}"));
            folder.publish();
        }
        return left;
    }

    private List<String> resume() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place("out"), RECORD, true)) {
            return complete(folder);
        }
    }

    private void assertSameAsInOneRun() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place("whole"), RECORD, false)) {
            complete(folder);
        }
        Path out = temp.resolve("out");
        Path whole = temp.resolve("whole");
        assertThat(names(out))
                .contains(FIRST, SECOND, "pytorch_model.bin.index.json")
                .isEqualTo(names(whole));
        for (String name : names(whole)) {
            assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
        }
    }

    @Test
    void finishedOnesAreTakenAsTheyAre() throws IOException {
        assertThat(resume()).containsExactly("b");

        assertSameAsInOneRun();
    }

    @Test
    void oneWithAnotherPickleIsMadeAgain() throws IOException {
        byte[] bytes = Files.readAllBytes(kept.resolve(FIRST));
        bytes[100]++;
        Files.write(kept.resolve(FIRST), bytes);

        assertThat(resume()).containsExactly("a", "b");
        assertSameAsInOneRun();
    }

    @Test
    void oneThatWasCutIsMadeAgain() throws IOException {
        byte[] bytes = Files.readAllBytes(kept.resolve(FIRST));
        Files.write(kept.resolve(FIRST), Arrays.copyOf(bytes, bytes.length - 1));

        assertThat(resume()).containsExactly("a", "b");
        assertSameAsInOneRun();
    }

    @Test
    void oneThatIsNotNotedIsTheRunsAllTheSame() throws IOException {
        Files.writeString(kept.resolve(SECOND), "half");

        assertThat(place("out").partialOutput().problem(RECORD, true)).isEmpty();
        assertThat(resume()).containsExactly("b");
        assertSameAsInOneRun();
    }

    @Test
    void otherFilesOfThatKindAreNobodys() throws IOException {
        Files.writeString(kept.resolve("training_args.bin"), "mine");

        assertThat(place("out").partialOutput().problem(RECORD, true)).isPresent();
    }
}
