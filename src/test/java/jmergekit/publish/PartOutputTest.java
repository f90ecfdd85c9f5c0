package jmergekit.publish;

import static jmergekit.publish.ThreeShards.LAYOUT;
import static jmergekit.publish.ThreeShards.RECORD;
import static jmergekit.publish.ThreeShards.file;
import static jmergekit.publish.ThreeShards.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.fixture.JavaProcess;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartOutputTest {
    private static final int REFUSED = 7;

    /// The program: a run that wants to go on from the shards.
    static final class Run {
        public static void main(String[] args) {
            OutputPlace place = OutputPlace.of(Path.of(args[0]), false, true);
            try (OutputFolder run = OutputFolder.create(place, RECORD, true)) {
                ThreeShards.complete(run);
            } catch (MergeException e) {
                Runtime.getRuntime().halt(REFUSED);
            }
        }
    }

    @TempDir private Path temp;
    private Path parent;
    private Path folder;

    @BeforeEach
    void findParent() throws IOException {
        parent = Files.createDirectory(temp.toRealPath().resolve("parent"));
        folder = parent.resolve("out.partial");
    }

    @Test
    void aRunPublishesShardsThatWereMadeOneByOne() throws IOException {
        List.of(2, 3, 1).forEach(this::make);
        assertThat(names(folder)).containsExactly(".jmergekit-run", file(1), file(2), file(3));

        try (OutputFolder run = OutputFolder.create(place(), RECORD, true)) {
            assertThat(run.finished(LAYOUT)).containsValues("note 1", "note 2", "note 3");
            assertThat(ThreeShards.complete(run)).isZero();
        }
        assertThat(names(parent)).containsExactly("out");
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void shardsMayBeMadeAtOnce() throws IOException {
        IntStream.rangeClosed(1, 24).parallel().forEach(i -> make(i % 3 + 1));

        assertThat(names(folder)).containsExactly(".jmergekit-run", file(1), file(2), file(3));
        assertThat(names(folder.resolve(".jmergekit-run"))).hasSize(4);
        try (OutputFolder run = OutputFolder.create(place(), RECORD, true)) {
            assertThat(ThreeShards.complete(run)).isZero();
        }
        assertThat(names(parent)).containsExactly("out");
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void aRunMakesTheShardsThatAreMissing() throws IOException {
        make(2);

        try (OutputFolder run = OutputFolder.create(place(), RECORD, true)) {
            assertThat(ThreeShards.complete(run)).isEqualTo(8);
        }
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void aShardThatIsFinishedIsNotMadeAgain() {
        make(1);

        try (PartOutput part = PartOutput.open(place(), RECORD)) {
            assertThat(part.shard(LAYOUT, file(1))).isEmpty();
            assertThat(part.finished(LAYOUT)).containsOnlyKeys(file(1));
        }
    }

    @Test
    void twoProcessesMayMakeTheSameShard() throws IOException {
        try (PartOutput first = PartOutput.open(place(), RECORD);
                PartOutput second = PartOutput.open(place(), RECORD);
                ShardWriter one = first.shard(LAYOUT, file(1)).orElseThrow();
                ShardWriter other = second.shard(LAYOUT, file(1)).orElseThrow()) {
            ThreeShards.finish(one, 1);
            ThreeShards.finish(other, 1);
        }

        assertThat(names(folder)).containsExactly(".jmergekit-run", file(1));
    }

    @Test
    void aShardThatWasCutIsMadeAgain() throws IOException {
        make(1);
        Files.write(folder.resolve(file(1)), new byte[3]);

        make(1);

        try (PartOutput part = PartOutput.open(place(), RECORD)) {
            assertThat(part.finished(LAYOUT)).containsOnlyKeys(file(1));
        }
    }

    @Test
    void aShardThatIsNotFinishedIsRemoved() throws IOException {
        try (PartOutput part = PartOutput.open(place(), RECORD);
                ShardWriter writer = part.shard(LAYOUT, file(1)).orElseThrow()) {
            ThreeShards.fill(writer, 1);
        }

        assertThat(names(folder)).containsExactly(".jmergekit-run");
        assertThat(names(folder.resolve(".jmergekit-run"))).containsExactly("run.json");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNext() throws IOException {
        make(1);
        Files.writeString(folder.resolve(file(2) + ".writing-r00000001"), "half");
        Files.createFile(folder.resolve(".jmergekit-run/r00000001.lock"));

        make(3);

        assertThat(names(folder)).containsExactly(".jmergekit-run", file(1), file(3));
        assertThat(names(folder.resolve(".jmergekit-run")))
                .containsExactly(file(1) + ".json", file(3) + ".json", "run.json");
    }

    @Test
    void aScratchFileIsOfOneProcessAndIsRemovedWhenThatIsKilled() throws IOException {
        Path scratch;
        try (PartOutput first = PartOutput.open(place(), RECORD);
                PartOutput second = PartOutput.open(place(), RECORD)) {
            scratch = first.scratch("inner");
            assertThat(second.scratch("inner")).isNotEqualTo(scratch);
            Files.createFile(scratch);
        }
        assertThat(scratch).doesNotExist();

        String name = scratch.getFileName().toString();
        String run = name.substring(name.lastIndexOf('-') + 1);
        Files.createFile(scratch);
        Files.createFile(folder.resolve(".jmergekit-run").resolve(run + ".lock"));
        make(1);
        assertThat(names(folder)).containsExactly(".jmergekit-run", file(1));
    }

    @Test
    void aFolderThatIsBeingMadeForShardsKeepsNobodyAway() throws IOException {
        RunFolder begun = RunFolder.begin(place());

        Problems problems = new Problems();
        place().check(temp, problems);
        assertThat(problems.all()).isEmpty();
        make(1);

        assertThat(place().tidy()).isEmpty();
        assertThat(begun.path()).exists();
        begun.lock().close();
        assertThat(place().tidy()).isEmpty();
        assertThat(names(parent)).containsExactly("out.partial");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByARun() throws IOException {
        make(1);
        Files.writeString(folder.resolve(file(2) + ".writing-r00000001"), "half");
        Files.createFile(folder.resolve(".jmergekit-run/r00000001.lock"));

        try (OutputFolder run = OutputFolder.create(place(), RECORD, true)) {
            assertThat(ThreeShards.complete(run)).isEqualTo(8);
        }
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void anotherPlanIsRefused() throws IOException {
        make(1);

        assertRefused(new RunRecord("plan 2", RECORD.inputs()), "to another plan");
        assertThat(names(folder.resolve(".jmergekit-run")))
                .containsExactly(file(1) + ".json", "run.json");
    }

    @Test
    void somethingElseOfThatNameIsRefused() throws IOException {
        Files.createDirectory(folder);

        assertRefused(RECORD, "something else is there");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void aRunWaitsForProcessesThatLive() {
        try (PartOutput part = PartOutput.open(place(), RECORD)) {
            assertThat(part.finished(LAYOUT)).isEmpty();
            for (boolean resume : new boolean[] {true, false}) {
                assertThatThrownBy(() -> OutputFolder.create(place(), RECORD, resume))
                        .isInstanceOf(MergeException.class)
                        .hasMessageContaining("another run is using it");
            }
        }
        assertThat(folder.resolve(RunLock.NAME)).doesNotExist();
        make(1);
    }

    @Test
    void aRunOfAnotherProcessWaitsToo() throws Exception {
        try (PartOutput part = PartOutput.open(place(), RECORD);
                ShardWriter writer = part.shard(LAYOUT, file(1)).orElseThrow()) {
            assertThat(runElsewhere()).isEqualTo(REFUSED);
            ThreeShards.finish(writer, 1);
        }
        assertThat(runElsewhere()).isZero();
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    private int runElsewhere() throws IOException, InterruptedException {
        List<String> quick = List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto");
        String target = place().target().toString();
        return JavaProcess.run(parent, Map.of(), quick, Run.class, target).code();
    }

    @Test
    void aFolderThatARunIsTakingIsNotJoined() throws IOException {
        make(1);
        try (RunLock _ = RunLock.create(folder).orElseThrow()) {
            assertRefused(RECORD, "another run is using it");
        }
        make(2);
    }

    private void make(int shard) {
        try (PartOutput part = PartOutput.open(place(), RECORD)) {
            part.shard(LAYOUT, file(shard))
                    .ifPresent(writer -> {
                        try (writer) {
                            ThreeShards.finish(writer, shard);
                        }
                    });
        }
    }

    private void assertRefused(RunRecord record, String words) {
        assertThatThrownBy(() -> PartOutput.open(place(), record))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(words);
    }

    private OutputPlace place() {
        return OutputPlace.of(parent.resolve("out"), false, true);
    }
}
