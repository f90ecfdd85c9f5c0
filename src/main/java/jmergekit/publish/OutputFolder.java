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

/// The output folder: filled next to its destination, under another name, and renamed when
/// complete. A run that fails or is stopped leaves nothing that loads, and leaves an earlier output
/// untouched; finished shards are kept if the run has a record.
///
/// The names and sizes of all written files are recorded, and checked again before and after the
/// rename: if somebody removes or truncates files of a running merge, it fails.
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
    // Guarded by this folder's monitor: publishing and the interrupt handler exclude each other.
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
            // A shard that is being uploaded is finished work.
            awaitShards();
        } catch (MergeException | Cancellation.Cancelled e) {
            // The upload failed, so no record lists the shard.
        }
        try {
            if (discarded) {
                folder.records().drop(made);
            }
            folder.leave(place.target()).ifPresent(notes::add);
        } catch (IOException | MergeException e) {
            // Without a manifest the folder is not complete, and the next run cleans it up.
        } finally {
            folder.lock().close();
        }
    }

    /// Makes the folder that the run fills. Nothing is kept from a run that is stopped.
    public static OutputFolder create(OutputPlace place) {
        return create(place, _ -> {});
    }

    /// @param watcher receives each step of the publication
    static OutputFolder create(OutputPlace place, Consumer<Publication.Step> watcher) {
        try {
            return new OutputFolder(place, RunFolder.create(place), Optional.empty(), watcher)
                    .open();
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// Makes the folder that the run fills, or continues with the folder of an earlier run of the
    /// same plan. Shards that are finished when the run is stopped become the output's
    /// [PartialOutput].
    ///
    /// @param resume whether to use finished shards of an earlier run; otherwise they are removed
    /// @throws MergeException if the existing shards belong to another plan, or the existing folder
    ///     was not made by a run
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
            notes.add(name + " has changed since it was written, and is made again");
        }
        notes.add("resuming from " + folder.records().text());
    }

    private OutputFolder open() {
        Runtime.getRuntime().addShutdownHook(hook);
        return this;
    }

    /// Where to write before [#publish].
    public Path partial() {
        return folder.path();
    }

    /// Where the run may create a temporary file; [#publish] removes it.
    public Path scratch(String name) {
        Path file = partial().resolve(name);
        scratch.add(file);
        return file;
    }

    /// The shards of a layout that an earlier run finished, by file name, with the notes of
    /// [ShardWriter#finishShard].
    public SortedMap<String, String> finished(ShardLayout layout) {
        try {
            return folder.records().finished(layout);
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// The shards of a layout that are still missing, if any.
    ///
    /// @param where the name of the shards' folder in messages
    public Optional<Problem> unfinished(ShardLayout layout, String where) {
        try {
            return UnfinishedShards.of(folder.records(), layout).problem(where);
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
    }

    /// Treats a finished shard as unfinished, because its note is invalid.
    public void remake(String fileName) {
        try {
            folder.records().drop(List.of(fileName));
            Removal.ofAny(folder.path().resolve(fileName));
        } catch (IOException e) {
            throw OutputFiles.failure(place.given(), e);
        }
        notes.add(fileName + " has changed since it was written, and is made again");
    }

    /// Creates the weight files in the folder, except for finished shards.
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

    /// Waits for shards that are being transferred: until then their files change.
    public void awaitShards() {
        place.delivery().await();
    }

    private void noteFinished(ShardLayout.Shard shard, String note) throws IOException {
        if (record.isPresent()) {
            made.add(shard.fileName());
            folder.records().add(shard, note, place.sync());
        }
    }

    /// Writes one file to the folder.
    public void add(OutputFile file) {
        files.add(file);
    }

    /// Renames the complete folder to its destination, where it replaces an earlier model if
    /// allowed.
    ///
    /// If something else has appeared there, the finished model is kept next to it, under a name
    /// that the exception gives.
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
            // From here on the model is complete, and no failure may remove it.
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

    /// Makes [#close] discard what this run made of an unpublished output. Shards that it resumed
    /// from become the output's [PartialOutput] again.
    public synchronized void discard() {
        discarded = true;
    }

    /// What the user should know about finished shards and the publication, and has not been told
    /// yet.
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
            // The program is exiting: the hook takes care of the folder.
        }
    }
}
