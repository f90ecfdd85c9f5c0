package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.shards.ShardFolder;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;

/// Where a process makes one shard of an output: its [PartialOutput], in which any number of these
/// processes may work at once. A run that resumes from the shards makes the missing ones and
/// publishes the output.
public final class PartOutput implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final OutputPlace place;
    private final ShardRecords records;
    private final String run;
    private final RunLock lock;

    private PartOutput(OutputPlace place, ShardRecords records, String run, RunLock lock) {
        this.place = place;
        this.records = records;
        this.run = run;
        this.lock = lock;
    }

    /// Makes the folder, or joins the processes that work in it.
    ///
    /// @throws MergeException if it holds shards that do not match this record, or something else
    public static PartOutput open(OutputPlace place, RunRecord record) {
        PartialOutput output = place.partialOutput();
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                if (!output.exists()) {
                    create(place, output.folder(), record);
                }
                output.joinProblem(record).ifPresent(PartOutput::refuse);
                String run = FolderNames.newRun();
                Optional<RunLock> lock = RunLock.createFile(output.records().partLock(run));
                if (lock.isPresent()) {
                    return join(place, output, record, run, lock.get());
                }
            }
            throw new MergeException(
                    Problem.output(output.folder().toString(), "keeps disappearing"));
        } catch (IOException e) {
            throw OutputFiles.failure(output.folder(), e);
        }
    }

    private static void refuse(Problem problem) {
        throw new MergeException(problem);
    }

    // It appears with its record in it, and without a lock: others may join immediately.
    private static void create(OutputPlace place, Path folder, RunRecord record)
            throws IOException {
        RunFolder made = RunFolder.begin(place);
        try {
            made.records().begin(record, place.sync());
            made.lock().release(made.path());
            Files.move(made.path(), folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            made.remove();
            if (!Files.exists(folder)) {
                throw e;
            }
        }
    }

    private static PartOutput join(
            OutputPlace place, PartialOutput output, RunRecord record, String run, RunLock lock)
            throws IOException {
        PartOutput part = new PartOutput(place, output.records(), run, lock);
        // Again, now that runs see the lock.
        Optional<Problem> problem = output.joinProblem(record);
        if (problem.isPresent()) {
            part.close();
            throw new MergeException(problem.get());
        }
        part.removeDead();
        return part;
    }

    private void removeDead() throws IOException {
        for (String part : records.parts()) {
            Path file = records.partLock(part);
            Optional<RunLock> dead = RunLock.ofDeadFile(file);
            if (dead.isPresent()) {
                try (RunLock _ = dead.get()) {
                    removeUnfinished(part);
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String suffix(String run) {
        return ShardFolder.UNFINISHED + "-" + run;
    }

    private void removeUnfinished(String part) throws IOException {
        List<Path> unfinished;
        try (Stream<Path> files = Files.list(records.folder())) {
            unfinished = files.filter(f -> f.toString().endsWith(suffix(part))).toList();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
    }

    /// The finished shards of a layout, by file name, with their notes.
    public SortedMap<String, String> finished(ShardLayout layout) {
        try {
            return records.finished(layout);
        } catch (IOException e) {
            throw OutputFiles.failure(records.folder(), e);
        }
    }

    /// Creates the file of one shard of a layout, to be completed by [ShardWriter#finishShard];
    /// empty if it is finished already.
    public Optional<ShardWriter> shard(ShardLayout layout, String fileName) {
        ShardLayout.Shard shard =
                layout.shards().stream()
                        .filter(s -> s.fileName().equals(fileName))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no shard " + fileName));
        // Check only this one: hundreds of parts would each read hundreds of headers.
        if (records.note(shard).isPresent()) {
            return Optional.empty();
        }
        ShardFolder folder =
                new ShardFolder(
                        records.folder(),
                        suffix(run),
                        place.sync(),
                        new DeliveredReceipts(
                                (s, note) -> records.add(s, note, place.sync()), place.delivery()));
        return Optional.of(ShardWriter.create(folder, layout, List.of(shard)));
    }

    /// Where the process may create a temporary file; [#close] removes it. No other process uses
    /// the same path.
    public Path scratch(String name) {
        return records.folder().resolve(name + suffix(run));
    }

    /// Waits for a shard that is being transferred.
    public void awaitShards() {
        place.delivery().await();
    }

    /// Keeps the shard where it is if it is finished, and removes it otherwise.
    @Override
    public void close() {
        try (lock) {
            if (Files.isDirectory(records.folder())) {
                removeUnfinished(run);
            }
            Files.deleteIfExists(records.partLock(run));
        } catch (IOException e) {
            // The next process that works in the folder removes the leftovers.
        }
    }
}
