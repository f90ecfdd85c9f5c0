package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.shards.ShardFolder;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.threads.Cancellation;

/// The output folder: filled beside its destination, under another name, and renamed when complete. A
/// run that fails or is stopped leaves nothing that loads, and an earlier output as it was; finished
/// shards are kept if the run has a record.
///
/// Names and sizes of all that is written are kept, and looked at again before and after the rename:
/// who removes or cuts the files of a running merge makes it fail.
public final class OutputFolder implements AutoCloseable {
    private final OutputPlace place;
    private final RunFolder folder;
    private final Optional<RunRecord> record;
    private final Consumer<Publication.Step> watcher;
    private final OutputFiles files;
    private final List<Path> scratch = new ArrayList<>();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final List<String> notes = new ArrayList<>();
    private final Thread hook;
    // Guarded by this folder's lock: publishing and what an interrupt does exclude each other.
    private boolean published;
    private boolean left;
    private boolean discarded;

    private OutputFolder(
            OutputPlace place,
            RunFolder folder,
            Optional<RunRecord> record,
            Consumer<Publication.Step> watcher) {
        this.place = place;
        this.folder = folder;
        this.record = record;
        this.watcher = watcher;
        this.files = new OutputFiles(place, folder.path());
        this.hook = new Thread(this::leave, "leave-partial-output");
    }

    private synchronized void leave() {
        if (published || left) {
            return;
        }
        left = true;
        try {
            // One on its way is finished work.
            awaitShards();
        } catch (MergeException | Cancellation.Cancelled e) {
            // It is not there, and no note says that it is.
        }
        try {
            if (discarded) {
                folder.records().drop(made);
            }
            folder.leave(place.target()).ifPresent(notes::add);
        } catch (IOException | MergeException e) {
            // Without a list of its files it is not complete, and the next run sees to it.
        } finally {
            folder.lock().close();
        }
    }

    /// Makes the folder that the run fills. Of a run that is stopped nothing is left.
    public static OutputFolder create(OutputPlace place) {
        return create(place, _ -> {});
    }

    /// @param watcher is told of each step of the publication
    static OutputFolder create(OutputPlace place, Consumer<Publication.Step> watcher) {
        try {
            return new OutputFolder(place, RunFolder.create(place), Optional.empty(), watcher)
                    .open();
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// Makes the folder that the run fills, or goes on with that of an earlier run of the same plan.
    /// Shards that are finished when the run is stopped become the output's [PartialOutput].
    ///
    /// @param resume whether finished shards of an earlier run are used; else they are removed
    /// @throws MergeException if those of another plan were to be used, or what is there is no run's
    public static OutputFolder create(OutputPlace place, RunRecord record, boolean resume) {
        return create(place, record, resume, _ -> {});
    }

    static OutputFolder create(
            OutputPlace place,
            RunRecord record,
            boolean resume,
            Consumer<Publication.Step> watcher) {
        PartialOutput earlier = place.partialOutput();
        try {
            boolean resumes = resume && earlier.exists();
            if (earlier.exists() && !resume) {
                earlier.remove(record);
            }
            RunFolder folder =
                    resumes
                            ? earlier.claim(FolderNames.newRun(), record, true)
                            : RunFolder.create(place);
            OutputFolder output = new OutputFolder(place, folder, Optional.of(record), watcher);
            output.begin(record, resume, resumes);
            return output.open();
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    private void begin(RunRecord own, boolean resume, boolean resumes) throws IOException {
        try {
            if (resumes) {
                resume();
            } else {
                folder.records().begin(own, place.sync());
            }
        } catch (IOException e) {
            leave();
            throw e;
        }
        if (resume && !resumes) {
            notes.add("there is nothing to resume: all shards will be made");
        }
    }

    private void resume() throws IOException {
        for (String name : folder.records().prune()) {
            notes.add(name + " is not as it was written, and is made again");
        }
        notes.add("goes on from " + folder.records().text());
    }

    private OutputFolder open() {
        Runtime.getRuntime().addShutdownHook(hook);
        return this;
    }

    /// Where to write until [#publish].
    public Path partial() {
        return folder.path();
    }

    /// Where the run may make a file that it needs until [#publish], which removes it.
    public Path scratch(String name) {
        Path file = partial().resolve(name);
        scratch.add(file);
        return file;
    }

    /// The shards of a layout that an earlier run finished, by the names of their files, with the
    /// notes of [ShardWriter#finishShard].
    public SortedMap<String, String> finished(ShardLayout layout) {
        try {
            return folder.records().finished(layout);
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// What is still to be made of a layout's shards, if anything is.
    ///
    /// @param where how the message calls the folder of the shards
    public Optional<Problem> unfinished(ShardLayout layout, String where) {
        try {
            return UnfinishedShards.of(folder.records(), layout).problem(where);
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// Takes a finished shard for one that is not, since what was noted of it makes no sense.
    public void remake(String fileName) {
        try {
            folder.records().drop(List.of(fileName));
            Removal.ofAny(folder.path().resolve(fileName));
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
        notes.add(fileName + " is not as it was written, and is made again");
    }

    /// Creates files of weights in it, but for shards that are finished.
    public ShardWriter weights(ShardLayout layout) {
        layout.shards().forEach(s -> files.expect(s.fileName(), s.fileSize()));
        layout.indexName().ifPresent(name -> files.expect(name, layout.indexBytes()));
        Set<String> finished = finished(layout).keySet();
        List<ShardLayout.Shard> shards =
                layout.shards().stream().filter(s -> !finished.contains(s.fileName())).toList();
        return ShardWriter.create(
                new ShardFolder(
                        partial(),
                        ShardFolder.UNFINISHED,
                        place.sync(),
                        new DeliveredReceipts(this::noteFinished, place.delivery())),
                layout,
                shards);
    }

    /// Waits for shards that are on their way elsewhere: until then their files change.
    public void awaitShards() {
        place.delivery().await();
    }

    private void noteFinished(ShardLayout.Shard shard, String note) throws IOException {
        if (record.isPresent()) {
            made.add(shard.fileName());
            folder.records().add(shard, note, place.sync());
        }
    }

    /// Writes one file into it.
    public void add(OutputFile file) {
        files.add(file);
    }

    /// Renames the complete folder to its destination, where it replaces an earlier model if it may.
    ///
    /// If something else is there by now, the finished model is kept beside it, under a name that the
    /// exception says.
    public synchronized void publish() {
        if (left) {
            return;
        }
        awaitShards();
        try {
            files.check(partial());
            for (Path file : scratch) {
                Files.deleteIfExists(file);
            }
            files.writeManifest();
            folder.records().forget();
            if (place.sync()) {
                DiskSync.folders(partial());
            }
            watcher.accept(Publication.Step.COMPLETE);
            Publication publication = new Publication(place, folder.run(), partial(), watcher);
            // From here on the model is complete, and no failure removes it.
            published = true;
            folder.lock().releaseIfRenamesNeedIt(partial());
            publication.run().ifPresent(notes::add);
            folder.lock().release(place.target());
            files.check(place.target());
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        } finally {
            if (published) {
                folder.lock().close();
            }
        }
    }

    /// Lets [#close] keep nothing that this run made of an output that was not published. Shards that
    /// it went on from become the output's [PartialOutput] again.
    public synchronized void discard() {
        discarded = true;
    }

    /// What a user should know of finished shards and of the publication, and was not told yet.
    public synchronized List<String> notes() {
        List<String> untold = List.copyOf(notes);
        notes.clear();
        return untold;
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending: the hook has the folder now.
        }
    }
}
