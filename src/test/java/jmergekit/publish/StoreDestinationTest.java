package jmergekit.publish;

import static jmergekit.publish.ThreeShards.LAYOUT;
import static jmergekit.publish.ThreeShards.RECORD;
import static jmergekit.publish.ThreeShards.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jmergekit.fixture.s3.MemoryStore;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.s3.ObjectPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDestinationTest {
    private static final String OUT = "s3://bucket/models/out";
    private static final String NOTES = ".jmergekit-run/";

    @TempDir private Path temp;
    private final MemoryStore store = new MemoryStore().with("s3://bucket/other", new byte[1]);
    private final AtomicInteger runs = new AtomicInteger();

    private StoreDestination destination(boolean overwrite) {
        return new StoreDestination(
                store,
                ObjectPath.of(OUT).orElseThrow(),
                temp.resolve("staging-" + runs.incrementAndGet()),
                this::origin,
                overwrite);
    }

    /// As if all of the bucket were in a folder.
    private Optional<ObjectPath> origin(Path path) {
        Path read = temp.resolve("read");
        return path.startsWith(read)
                ? ObjectPath.of("s3://bucket/" + read.relativize(path))
                : Optional.empty();
    }

    /// What is below the output's prefix.
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String path : store.paths()) {
            if (path.startsWith(OUT + "/")) {
                names.add(path.substring(OUT.length() + 1));
            }
        }
        return names;
    }

    /// @return the bytes of tensors that were made
    private long run(boolean resume, boolean overwrite) {
        try (StoreDestination destination = destination(overwrite)) {
            destination.begin(RECORD, LAYOUT, resume);
            long made;
            try (OutputFolder folder = OutputFolder.create(destination.place(), RECORD, resume)) {
                made = ThreeShards.complete(folder);
            }
            destination.deliver();
            return made;
        }
    }

    /// A run that ends when these shards are finished.
    private void stopAfter(int... shards) {
        try (StoreDestination destination = destination(false)) {
            destination.begin(RECORD, LAYOUT, false);
            ThreeShards.stopAfter(destination.place(), RECORD, shards);
            destination.place().delivery().await();
        }
    }

    private boolean part(int shard) {
        try (StoreDestination destination = destination(false)) {
            destination.join(RECORD, LAYOUT, List.of(file(shard)));
            try (PartOutput part = PartOutput.open(destination.place(), RECORD)) {
                boolean absent =
                        part.shard(LAYOUT, file(shard))
                                .map(writer -> {
                                    try (writer) {
                                        ThreeShards.finish(writer, shard);
                                    }
                                    return true;
                                })
                                .orElse(false);
                part.awaitShards();
                return absent;
            }
        }
    }

    private void assertComplete() throws IOException {
        Path copy = Files.createDirectories(temp.resolve("copy-" + runs.incrementAndGet()));
        for (String name : names()) {
            Files.write(copy.resolve(name), store.content(OUT + "/" + name));
        }
        ThreeShards.assertComplete(copy, temp);
        assertThat(temp.toFile().list()).noneMatch(n -> n.startsWith("staging"));
    }

    @Test
    void aRunLeavesTheModelInTheStoreAndNothingElse() throws IOException {
        assertThat(run(false, false)).isEqualTo(12);

        assertComplete();
        assertThat(store.paths()).contains("s3://bucket/other");
    }

    @Test
    void theConfigurationComesLast() throws IOException {
        List<Set<String>> seen = new ArrayList<>();
        MemoryStore watched = new MemoryStore().with("s3://bucket/other", new byte[1]);
        try (StoreDestination destination =
                new StoreDestination(
                        watched,
                        ObjectPath.of(OUT).orElseThrow(),
                        temp.resolve("w"),
                        this::origin,
                        false)) {
            destination.begin(RECORD, LAYOUT, false);
            try (OutputFolder folder = OutputFolder.create(destination.place(), RECORD, false)) {
                ThreeShards.complete(folder);
            }
            destination.place().delivery().await();
            seen.add(Set.copyOf(watched.paths()));
            destination.deliver();
        }
        assertThat(seen.getFirst())
                .contains(OUT + "/" + file(1), OUT + "/" + file(3))
                .doesNotContain(OUT + "/config.json", OUT + "/model.safetensors.index.json");
        List<String> order = watched.written();
        assertThat(order.getLast()).isEqualTo(OUT + "/config.json");
        assertThat(order.indexOf(OUT + "/" + Manifest.NAME))
                .isLessThan(order.indexOf(OUT + "/model.safetensors.index.json"));
    }

    @Test
    void otherMachinesGetTheNameInTheStoreAndNotAFolderOfThisOne() {
        try (StoreDestination destination = destination(false)) {
            assertThat(destination.elsewhere()).isEqualTo(OUT);
        }
    }

    @Test
    void aRunGoesOnFromShardsInTheStore() throws IOException {
        stopAfter(1, 3);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        file(1),
                        file(3),
                        NOTES + "run.json",
                        NOTES + file(1) + ".json",
                        NOTES + file(3) + ".json");

        assertThat(run(true, false)).isEqualTo(4);
        assertComplete();
    }

    @Test
    void aShardThatIsNotAsItWasNotedIsMadeAgain() throws IOException {
        stopAfter(1, 2, 3);
        byte[] cut = store.content(OUT + "/" + file(1));
        store.with(OUT + "/" + file(1), Arrays.copyOf(cut, cut.length - 1));
        byte[] changed = store.content(OUT + "/" + file(2));
        changed[12]++;
        store.with(OUT + "/" + file(2), changed);

        assertThat(run(true, false)).isEqualTo(8);
        assertComplete();
    }

    @Test
    void withoutResumingShardsOfAnotherRunAreRefused() {
        stopAfter(2);

        assertThatThrownBy(() -> run(false, false))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(OUT)
                .hasMessageContaining("--resume");
        assertThat(names()).contains(file(2));
    }

    @Test
    void shardsOfAnotherPlanAreRefusedAndStay() {
        stopAfter(2);
        RunRecord other = new RunRecord("plan 2", List.of());

        try (StoreDestination destination = destination(false)) {
            assertThatThrownBy(() -> destination.begin(other, LAYOUT, true))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("another plan");
            assertThatThrownBy(() -> destination.join(other, LAYOUT, List.of(file(1))))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("another plan");
        }
        assertThat(names()).contains(file(2));
    }

    @Test
    void whatARunWroteIsReplacedIfTheUserSaysSo() throws IOException {
        stopAfter(2);
        assertThat(run(false, true)).isEqualTo(12);
        assertThatThrownBy(() -> run(false, false)).hasMessageContaining("--overwrite");
        assertThatThrownBy(() -> run(true, false)).hasMessageContaining("--overwrite");

        assertThat(run(false, true)).isEqualTo(12);
        assertComplete();
    }

    @Test
    void whatNoRunWroteIsNeverReplaced() {
        run(false, false);
        store.with(OUT + "/thesis.tex", new byte[3]);

        Problems problems = new Problems();
        try (StoreDestination destination = destination(true)) {
            destination.check(false, problems);
        }
        assertThat(problems.all().toString()).contains("thesis.tex");
        assertThatThrownBy(() -> run(false, true)).hasMessageContaining("thesis.tex");
        assertThat(names()).contains("thesis.tex", "config.json");
    }

    @Test
    void anyNumberOfProcessesMayMakeShards() throws IOException {
        List<Boolean> made =
                IntStream.rangeClosed(1, 12).parallel().mapToObj(i -> part(i % 3 + 1)).toList();

        assertThat(made).contains(true);
        assertThat(part(1)).isFalse();
        assertThat(run(true, false)).isZero();
        assertComplete();
    }

    @Test
    void anInputIsNeverReplaced() {
        assertThat(refusals("models/out")).contains("the output is also an input");
        assertThat(refusals("models/out/part"))
                .contains("an input is below the output", "s3://bucket/models/out/part");
        assertThat(refusals("models/output")).isEqualTo("[]");
        assertThat(refusals("models")).isEqualTo("[]");
        assertThat(refusals("../models/out")).isEqualTo("[]");
    }

    /// What is wrong with an output of a run that reads a folder.
    private String refusals(String input) {
        Problems problems = new Problems();
        try (StoreDestination destination = destination(true)) {
            destination.check(
                    List.of(temp.resolve("read").resolve(input).normalize()), 0, problems);
        }
        return problems.all().toString();
    }

    @Test
    void processesThatMakeShardsLeaveACompleteModelAlone() {
        run(false, false);

        assertThatThrownBy(() -> part(1))
                .hasMessageContaining("there is a model already")
                .hasMessageContaining("choose another prefix");
    }

    @Test
    void aCompleteModelIsKnownByAFileInIt() {
        stopAfter(1, 2, 3);
        assertThat(holds("{}")).isFalse();
        run(true, false);
        String config = new String(store.content(OUT + "/config.json"), StandardCharsets.UTF_8);

        assertThat(holds(config)).isTrue();
        assertThat(holds(config + " ")).isFalse();
        // As if a run had begun to replace it.
        store.with(OUT + "/" + NOTES + "run.json", new byte[2]);
        assertThat(holds(config)).isFalse();
        store.delete(List.of(ObjectPath.of(OUT + "/" + NOTES + "run.json").orElseThrow()));
        assertThat(holds(config)).isTrue();
        store.with(OUT + "/" + file(2), new byte[1]);
        assertThat(holds(config)).isFalse();
    }

    private boolean holds(String config) {
        try (StoreDestination destination = destination(false)) {
            return destination.holds("config.json", config.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void anUploadThatFailsEndsTheRunAndLeavesTheNotesOfTheOthers() throws IOException {
        store.setUploadObstacle(object -> {
            if (object.key().endsWith(file(2))) {
                throw new MergeException(Problem.output(object.toString(), "is full"));
            }
        });
        assertThatThrownBy(() -> run(false, false)).hasMessageContaining("is full");
        assertThat(names()).contains(file(1), NOTES + file(1) + ".json").doesNotContain(file(2));

        store.setUploadObstacle(_ -> {});
        assertThat(run(true, false)).isPositive();
        assertComplete();
    }

    @Test
    void aHollowShardHasItsHeadAndSize() throws IOException {
        Path whole = temp.resolve("whole");
        Path hollow = temp.resolve("hollow");
        try (OutputFolder folder =
                OutputFolder.create(OutputPlace.of(temp.resolve("out"), false, false))) {
            ThreeShards.complete(folder);
        }
        Files.copy(temp.resolve("out").resolve(file(1)), whole);
        byte[] bytes = Files.readAllBytes(whole);
        HollowFile.create(
                hollow,
                LAYOUT.shards().getFirst(),
                (begin, end) -> Arrays.copyOfRange(bytes, (int) begin, (int) end));
        HollowFile.make(whole, LAYOUT.shards().getFirst());

        byte[] expected = bytes.clone();
        Arrays.fill(expected, expected.length - 4, expected.length, (byte) 0);
        assertThat(whole).hasBinaryContent(expected);
        assertThat(hollow).hasBinaryContent(expected);
    }
}
