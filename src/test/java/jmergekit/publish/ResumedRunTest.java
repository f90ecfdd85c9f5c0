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
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.shards.ShardWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedRunTest {
    private static final RunRecord OTHER_PLAN = new RunRecord("plan 2", RECORD.inputs());
    private static final RunRecord OTHER_INPUT =
            new RunRecord(RECORD.plan(), List.of("base of Tuesday"));

    @TempDir private Path temp;
    private Path parent;
    private Path kept;

    @BeforeEach
    void findParent() throws IOException {
        parent = Files.createDirectory(temp.toRealPath().resolve("parent"));
        kept = parent.resolve("out.partial");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesThatNoRunHasMadeAreNotRemoved(boolean resume) throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);
        Files.writeString(kept.resolve("notes.txt"), "mine");

        assertThat(place().partialOutput().problem(RECORD, resume)).isPresent();
        assertThatThrownBy(() -> OutputFolder.create(place(), RECORD, resume))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("'notes.txt'");
        assertThat(kept.resolve("notes.txt")).exists();
    }

    @Test
    void shardsOfAPartMadeFromCopiesOfTheInputsAreUsed() {
        RunRecord fromCopies = new RunRecord(RECORD.plan(), List.of());
        ThreeShards.stopAfter(place(), fromCopies, 1);

        assertThat(place().partialOutput().problem(RECORD, true)).isEmpty();
        assertThat(place().partialOutput().problem(OTHER_PLAN, true)).isPresent();
    }

    @Test
    void aRunThatIsStoppedKeepsItsFinishedShardsAndNothingElse() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, false)) {
            ShardWriter writer = folder.weights(LAYOUT);
            ThreeShards.finish(writer, 1);
            ThreeShards.fill(writer, 2);
            ThreeShards.finish(writer, 3);
            folder.add(new OutputFile.Text("1_Pooling/config.json", "{}"));
            writer.close();
        }

        assertThat(names(parent)).containsExactly("out.partial");
        assertThat(names(kept)).containsExactly(".jmergekit-run", file(1), file(3));
        assertThat(names(kept.resolve(".jmergekit-run")))
                .containsExactly(file(1) + ".json", file(3) + ".json", "run.json");
    }

    @Test
    void aRunThatHasFinishedNoShardLeavesNothing() throws IOException {
        ThreeShards.stopAfter(place(), RECORD);

        assertThat(names(parent)).isEmpty();
    }

    @Test
    void aRunThatIsDiscardedLeavesNothing() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, false);
                ShardWriter writer = folder.weights(LAYOUT)) {
            ThreeShards.finish(writer, 1);
            folder.discard();
        }

        assertThat(names(parent)).isEmpty();
    }

    @Test
    void aResumedRunThatIsDiscardedKeepsWhatItWentOnFrom() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true);
                ShardWriter writer = folder.weights(LAYOUT)) {
            ThreeShards.finish(writer, 2);
            folder.discard();
        }

        assertThat(names(parent)).containsExactly("out.partial");
        assertThat(names(kept)).containsExactly(".jmergekit-run", file(1));
        assertThat(names(kept.resolve(".jmergekit-run")))
                .containsExactly(file(1) + ".json", "run.json");
    }

    @Test
    void aRunWithoutARecordLeavesNothing() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place());
                ShardWriter writer = folder.weights(LAYOUT)) {
            ThreeShards.finish(writer, 1);
        }

        assertThat(names(parent)).isEmpty();
    }

    @Test
    void whereShardsOfAStoppedRunAreIsSaidInOneWay() {
        OutputFolder stopped = OutputFolder.create(place(), RECORD, false);
        try (stopped;
                ShardWriter writer = stopped.weights(LAYOUT)) {
            ThreeShards.finish(writer, 1);
        }

        assertThat(stopped.notes())
                .containsExactly(place().partialOutput().whereabouts())
                .allMatch(n -> n.endsWith("in " + kept));
    }

    @Test
    void theNextRunMakesTheOtherShardsOnly() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1, 3);

        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true)) {
            assertThat(kept).doesNotExist();
            assertThat(folder.finished(LAYOUT))
                    .isEqualTo(Map.of(file(1), "note 1", file(3), "note 3"));
            assertThat(folder.notes()).singleElement().asString().contains("2 finished shard(s)");
            assertThat(ThreeShards.complete(folder)).isEqualTo(4);
            assertThat(folder.notes()).isEmpty();
        }
        assertThat(names(parent)).containsExactly("out");
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void aResumedRunThatIsStoppedKeepsWhatBothHaveFinished() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true);
                ShardWriter writer = folder.weights(LAYOUT)) {
            ThreeShards.finish(writer, 2);
        }

        assertThat(names(kept)).containsExactly(".jmergekit-run", file(1), file(2));
        assertThat(names(parent)).containsExactly("out.partial");
    }

    @Test
    void aModelInThePlaceStaysUntilTheResumedRunReplacesIt() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place())) {
            folder.add(new OutputFile.Text("config.json", "old"));
            folder.publish();
        }
        ThreeShards.stopAfter(place(), RECORD, 1);
        assertThat(parent.resolve("out/config.json")).hasContent("old");

        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true)) {
            ThreeShards.complete(folder);
        }
        assertThat(names(parent)).containsExactly("out");
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void shardsOfAnotherPlanAreRefusedAndStay() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);

        assertRefused(OTHER_PLAN, true, "to another plan", "expected plan 2, found plan 1");
        assertThat(place().partialOutput().text(OTHER_PLAN).orElseThrow())
                .contains("1 finished shard(s)", "to another plan", "are removed");
        assertThat(names(kept)).containsExactly(".jmergekit-run", file(1));
    }

    @Test
    void shardsOfInputsThatWereChangedAreRefused() {
        ThreeShards.stopAfter(place(), RECORD, 1);

        assertRefused(
                OTHER_INPUT,
                true,
                "before an input was changed",
                "expected base of Tuesday, found base of Monday");
    }

    @Test
    void aRunThatDoesNotResumeStartsAnew() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1, 2);

        assertThat(place().partialOutput().text(RECORD).orElseThrow())
                .contains("2 finished shard(s) (200 B) in", "this plan: --resume continues");
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, false)) {
            assertThat(kept).doesNotExist();
            assertThat(folder.finished(LAYOUT)).isEmpty();
            assertThat(ThreeShards.complete(folder)).isEqualTo(12);
        }
        assertThat(names(parent)).containsExactly("out");
    }

    @Test
    void withNothingToResumeARunStartsAnewAndSaysSo() throws IOException {
        assertThat(place().partialOutput().text(RECORD)).isEmpty();
        assertThat(place().partialOutput().problem(RECORD, true)).isEmpty();
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true)) {
            assertThat(folder.notes())
                    .singleElement()
                    .asString()
                    .isEqualTo("there is nothing to resume: all shards will be made");
            assertThat(ThreeShards.complete(folder)).isEqualTo(12);
        }
        assertThat(names(parent)).containsExactly("out");
    }

    @Test
    void somethingElseOfThatNameIsNotTouched() throws IOException {
        Files.createDirectory(kept);
        Files.writeString(kept.resolve("thesis.txt"), "my only copy");

        assertRefused(RECORD, true, "something else is there", "move it elsewhere");
        assertRefused(RECORD, false, "something else is there", "move it elsewhere");
        assertThat(names(kept)).containsExactly("thesis.txt");
        assertThat(names(parent)).containsExactly("out.partial");
    }

    @Test
    void aFileOfThatNameIsNotTouched() throws IOException {
        Files.writeString(kept, "my only copy");

        assertRefused(RECORD, true, "something else is there");
        assertRefused(RECORD, false, "something else is there");
        assertThat(kept).hasContent("my only copy");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkOfThatNameIsNotTouched() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);
        Path elsewhere = Files.move(kept, temp.resolve("elsewhere"));
        Files.createSymbolicLink(kept, elsewhere);

        assertRefused(RECORD, true, "something else is there");
        assertRefused(RECORD, false, "something else is there");
        assertThat(names(elsewhere)).containsExactly(".jmergekit-run", file(1));
    }

    @Test
    void somethingElseThatGetsTheNameMeanwhileStaysAndSoDoTheShards() throws IOException {
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, false);
                ShardWriter writer = folder.weights(LAYOUT)) {
            ThreeShards.finish(writer, 1);
            Files.writeString(kept, "my only copy");
        }
        assertThat(kept).hasContent("my only copy");

        Files.delete(kept);
        assertThat(Leftovers.tidy(parent.resolve("out")))
                .singleElement()
                .asString()
                .contains("1 finished shard(s)");
        assertThat(names(parent)).containsExactly("out.partial");
    }

    @Test
    void aShardThatWasCutIsMadeAgain() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1, 2);
        Files.write(kept.resolve(file(1)), new byte[5]);

        assertMadeAgain(1);
    }

    @Test
    void aShardWithAnotherHeaderIsMadeAgain() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1, 2);
        byte[] bytes = Files.readAllBytes(kept.resolve(file(2)));
        bytes[20]++;
        Files.write(kept.resolve(file(2)), bytes);

        assertMadeAgain(2);
    }

    private void assertMadeAgain(int shard) throws IOException {
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true)) {
            assertThat(folder.finished(LAYOUT)).containsOnlyKeys(file(3 - shard));
            assertThat(folder.notes())
                    .anyMatch(n -> n.contains(file(shard) + " has changed since it was written"));
            assertThat(ThreeShards.complete(folder)).isEqualTo(8);
        }
        ThreeShards.assertComplete(parent.resolve("out"), temp);
    }

    @Test
    void ofTwoRunsThatAreStoppedTheShardsOfMoreBytesStay() throws IOException {
        OutputFolder more = OutputFolder.create(place(), RECORD, false);
        OutputFolder less = OutputFolder.create(place(), OTHER_PLAN, false);
        OutputFolder most = OutputFolder.create(place(), OTHER_INPUT, false);
        finishAndClose(more, 1, 2);
        finishAndClose(less, 3);

        assertThat(less.notes()).singleElement().asString().contains("removed", "or more");
        assertThat(names(kept)).containsExactly(".jmergekit-run", file(1), file(2));

        finishAndClose(most, 1, 2, 3);

        assertThat(most.notes()).singleElement().asString().contains("of another run", "removed");
        assertThat(new ShardRecords(kept).record()).contains(OTHER_INPUT);
        assertThat(names(parent)).containsExactly("out.partial");
    }

    private static void finishAndClose(OutputFolder folder, int... shards) {
        try (folder;
                ShardWriter writer = folder.weights(LAYOUT)) {
            for (int shard : shards) {
                ThreeShards.finish(writer, shard);
            }
        }
    }

    @Test
    void ofTwoRunsThatResumeOneGetsTheShards() {
        ThreeShards.stopAfter(place(), RECORD, 1, 2);
        try (OutputFolder first = OutputFolder.create(place(), RECORD, true);
                OutputFolder second = OutputFolder.create(place(), RECORD, true)) {
            assertThat(first.finished(LAYOUT)).hasSize(2);
            assertThat(second.finished(LAYOUT)).isEmpty();
        }
    }

    @Test
    void shardsThatAnotherRunIsTakingAreRefused() throws IOException {
        ThreeShards.stopAfter(place(), RECORD, 1);
        RunLock other = RunLock.create(kept).orElseThrow();

        assertRefused(RECORD, true, "another run is using it");

        other.close();
        try (OutputFolder folder = OutputFolder.create(place(), RECORD, true)) {
            assertThat(folder.finished(LAYOUT)).hasSize(1);
        }
    }

    // Each has 8 + 88 bytes of header and 4 of data.
    @Test
    void spaceThatFinishedShardsTakeCountsAsFree() {
        ThreeShards.stopAfter(place(), RECORD, 1, 2);

        assertThat(place().partialOutput().bytes()).isEqualTo(200);
    }

    private void assertRefused(RunRecord record, boolean resume, String... words) {
        assertThatThrownBy(() -> OutputFolder.create(place(), record, resume))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT);
                            assertThat(e.getMessage()).contains(kept.toString()).contains(words);
                            assertThat(place().partialOutput().problem(record, resume))
                                    .contains(e.problems().getFirst());
                        });
    }

    private OutputPlace place() {
        return OutputPlace.of(parent.resolve("out"), true, true);
    }
}
