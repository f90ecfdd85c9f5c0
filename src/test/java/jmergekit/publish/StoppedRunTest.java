package jmergekit.publish;

import static jmergekit.publish.ThreeShards.LAYOUT;
import static jmergekit.publish.ThreeShards.RECORD;
import static jmergekit.publish.ThreeShards.file;
import static jmergekit.publish.ThreeShards.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.JavaProcess;
import jmergekit.shards.ShardWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that end at any moment, and what the next makes of them.
class StoppedRunTest {
    private static final int STATUS = 9;

    @TempDir private Path temp;
    private Path parent;
    private final List<Path> moments = new ArrayList<>();

    /// The program: finishes two shards and ends, by itself or as by `kill -9`.
    static final class Run {
        public static void main(String[] args) {
            OutputPlace place = OutputPlace.of(Path.of(args[0]), false, false);
            OutputFolder folder = OutputFolder.create(place, RECORD, false);
            ShardWriter writer = folder.weights(LAYOUT);
            ThreeShards.finish(writer, 1);
            ThreeShards.finish(writer, 2);
            ThreeShards.fill(writer, 3);
            if (args[1].equals("kill")) {
                Runtime.getRuntime().halt(STATUS);
            }
            Runtime.getRuntime().exit(STATUS);
        }
    }

    @BeforeEach
    void findParent() throws IOException {
        parent = Files.createDirectory(temp.toRealPath().resolve("parent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "interrupt"})
    void finishedShardsOutliveTheProcess(String end) throws Exception {
        List<String> quick = List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto");
        Path target = parent.resolve("out");
        assertThat(
                        JavaProcess.run(parent, Map.of(), quick, Run.class, target.toString(), end)
                                .code())
                .isEqualTo(STATUS);

        assertThat(Leftovers.tidy(target)).hasSize(end.equals("kill") ? 1 : 0);
        assertThat(names(parent)).containsExactly("out.partial");
        assertThat(names(parent.resolve("out.partial")))
                .containsExactly(".jmergekit-run", file(1), file(2));
        assertThat(resume(target)).isEqualTo(4);
    }

    // What is on the disk at a moment is copied, as if the process had been killed then.
    @Test
    void aRunThatIsKilledAtAnyMomentGoesOnFromItsFinishedShards() throws IOException {
        OutputPlace place = OutputPlace.of(parent.resolve("out"), false, false);
        try (OutputFolder folder = OutputFolder.create(place, RECORD, false, _ -> kill())) {
            kill();
            try (ShardWriter writer = folder.weights(LAYOUT)) {
                kill();
                for (int shard = 1; shard <= 3; shard++) {
                    ThreeShards.fill(writer, shard);
                    kill();
                    writer.finishShard(file(shard), "");
                    kill();
                    killBeforeTheNameOf(file(shard));
                }
                writer.finish();
                kill();
            }
            folder.add(new OutputFile.Text("config.json", "{}"));
            kill();
            killWithTheListWritten(folder);
            folder.publish();
        }
        kill();

        assertThat(moments).hasSize(17);
        List<Long> made = new ArrayList<>();
        for (Path moment : moments) {
            made.add(goOn(moment.resolve("out")));
        }
        long none = 0;
        assertThat(made)
                .containsExactly(
                        12L, 12L, // begun
                        12L, 8L, 12L, // the first shard: written, finished, before its name
                        8L, 4L, 8L, 4L, none, 4L, // the others
                        none, none, none, // all shards: index, config.json, the list
                        none, none, none); // published
    }

    private long goOn(Path target) throws IOException {
        Leftovers.tidy(target);
        long made = Files.exists(target) ? 0 : resume(target);
        assertThat(names(target.getParent())).containsExactly("out");
        // It stays in a model whose run was killed when that was in place.
        Files.deleteIfExists(target.resolve(RunLock.NAME));
        ThreeShards.assertComplete(target, temp);
        return made;
    }

    private static long resume(Path target) {
        OutputPlace place = OutputPlace.of(target, false, false);
        try (OutputFolder folder = OutputFolder.create(place, RECORD, true)) {
            return ThreeShards.complete(folder);
        }
    }

    private void kill() {
        try {
            moments.add(copy());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void killBeforeTheNameOf(String shard) throws IOException {
        Path moment = copy();
        Path file = hidden(moment).resolve(shard);
        Files.move(file, file.resolveSibling(shard + ".writing"));
        moments.add(moment);
    }

    private void killWithTheListWritten(OutputFolder folder) throws IOException {
        Path moment = copy();
        List<String> written =
                names(folder.partial()).stream().filter(n -> !n.startsWith(".")).toList();
        Path hidden = hidden(moment);
        Files.writeString(hidden.resolve(Manifest.NAME), Manifest.of(hidden, written).text());
        moments.add(moment);
    }

    private static Path hidden(Path moment) throws IOException {
        return moment.resolve(names(moment).getFirst());
    }

    private Path copy() throws IOException {
        Path copy = temp.toRealPath().resolve("moment-" + moments.size());
        try (Stream<Path> files = Files.walk(parent)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(parent.relativize(file).toString()));
            }
        }
        return copy;
    }
}
