package jmergekit.publish;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.ShardLayout;
import jmergekit.safetensors.ShardWriter;
import jmergekit.weights.IoReason;

/// The output folder: filled beside its destination, under another name, and renamed when complete. A
/// run that fails or is stopped leaves nothing that loads, and an earlier output as it was.
///
/// Names and sizes of all that is written are kept, and looked at again before and after the rename:
/// who removes or cuts the files of a running merge makes it fail.
public final class OutputFolder implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final OutputPlace place;
    private final Path partial;
    private final String run;
    private final RunLock lock;
    private final Consumer<Publication.Step> watcher;
    private final SortedMap<String, Long> sizes = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Thread hook;
    // Guarded by this folder's lock: publishing and the removal by an interrupt exclude each other.
    private boolean published;
    private boolean removed;

    private OutputFolder(
            OutputPlace place, String run, RunLock lock, Consumer<Publication.Step> watcher) {
        this.place = place;
        this.partial = new FolderNames(place.target()).partial(run);
        this.run = run;
        this.lock = lock;
        this.watcher = watcher;
        this.hook = new Thread(this::remove, "remove-partial-output");
    }

    private synchronized void remove() {
        if (published || removed) {
            return;
        }
        removed = true;
        try {
            lock.releaseIfRenamesNeedIt(partial);
            Removal.ofAll(partial);
        } catch (IOException e) {
            // Without a list of its files it is not complete, and the next run removes it.
        } finally {
            lock.close();
        }
    }

    /// Makes the folder that the run fills.
    public static OutputFolder create(OutputPlace place) {
        return create(place, _ -> {});
    }

    /// @param watcher is told of each step of the publication
    static OutputFolder create(OutputPlace place, Consumer<Publication.Step> watcher) {
        Path parent = place.target().getParent();
        FolderNames names = new FolderNames(place.target());
        try {
            makeFolders(parent, place.sync());
            for (int i = 0; i < ATTEMPTS; i++) {
                String run = FolderNames.newRun();
                Optional<RunLock> lock = Optional.empty();
                try {
                    Files.createDirectory(names.partial(run));
                    lock = RunLock.create(names.partial(run));
                } catch (FileAlreadyExistsException e) {
                    // Another run's.
                }
                if (lock.isPresent()) {
                    OutputFolder folder = new OutputFolder(place, run, lock.get(), watcher);
                    Runtime.getRuntime().addShutdownHook(folder.hook);
                    return folder;
                }
            }
            throw new MergeException(
                    Problem.output(
                            place.given().toString(),
                            "the hidden folder that the run writes to disappears beside it"));
        } catch (IOException e) {
            throw failure(place.given(), e);
        }
    }

    // Each new name is in the folder above.
    private static void makeFolders(Path folder, boolean sync) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path p = folder; p != null && !Files.exists(p); p = p.getParent()) {
            missing.add(p);
        }
        Files.createDirectories(folder);
        for (Path made : missing) {
            if (sync && made.getParent() != null) {
                DiskSync.folder(made.getParent());
            }
        }
    }

    /// Where to write until [#publish].
    public Path partial() {
        return partial;
    }

    /// Creates files of weights in it.
    public ShardWriter weights(ShardLayout layout) {
        layout.shards().forEach(s -> sizes.put(s.fileName(), s.fileSize()));
        layout.indexName().ifPresent(name -> sizes.put(name, layout.indexBytes()));
        return ShardWriter.create(partial, layout, place.sync());
    }

    /// Writes one file into it.
    public void add(OutputFile file) {
        Path path = partial.resolve(file.name()).normalize();
        if (!path.startsWith(partial)) {
            throw new IllegalArgumentException("outside the output folder: " + file.name());
        }
        try {
            makeFolderOf(path);
            sizes.put(file.name(), write(file, path));
        } catch (IOException e) {
            checkFiles(partial);
            throw failure(place.given().resolve(file.name()), e);
        }
    }

    // Not the partial folder itself: if that is gone, so are the weights.
    private void makeFolderOf(Path path) throws IOException {
        Path folder = path.getParent();
        if (!folder.equals(partial) && !Files.isDirectory(folder)) {
            makeFolderOf(folder);
            Files.createDirectory(folder);
        }
    }

    private long write(OutputFile file, Path path) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            switch (file) {
                case OutputFile.Text text ->
                        out.write(text.text().getBytes(StandardCharsets.UTF_8));
                case OutputFile.Made made -> made.content().writeTo(out);
                case OutputFile.Copy copy -> Files.copy(copy.source(), out);
            }
            out.flush();
            if (place.sync()) {
                channel.force(true);
            }
            return channel.position();
        }
    }

    /// Renames the complete folder to its destination, where it replaces an earlier model if it may.
    ///
    /// If something else is there by now, the finished model is kept beside it, under a name that the
    /// exception says.
    public synchronized void publish() {
        if (removed) {
            return;
        }
        try {
            checkFiles(partial);
            writeManifest();
            watcher.accept(Publication.Step.COMPLETE);
            Publication publication = new Publication(place, run, partial, watcher);
            // From here on the model is complete, and no failure removes it.
            published = true;
            lock.releaseIfRenamesNeedIt(partial);
            publication.run().ifPresent(notes::add);
            lock.release(place.target());
            checkFiles(place.target());
        } catch (IOException e) {
            throw failure(place.given(), e);
        } finally {
            if (published) {
                lock.close();
            }
        }
    }

    private void checkFiles(Path folder) {
        List<String> wrong =
                sizes.keySet().stream().filter(name -> !isAsWritten(folder, name)).toList();
        if (!wrong.isEmpty()) {
            throw new MergeException(
                    Problem.output(
                                    place.given().toString(),
                                    "files that the run had written were removed or changed by"
                                            + " somebody else")
                            .found("'%s' in %s".formatted(String.join("', '", wrong), folder))
                            .hint(
                                    "leave hidden folders beside the output alone, and merge"
                                            + " again"));
        }
    }

    private boolean isAsWritten(Path folder, String name) {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(
                            folder.resolve(name),
                            BasicFileAttributes.class,
                            LinkOption.NOFOLLOW_LINKS);
            return file.isRegularFile() && file.size() == sizes.get(name);
        } catch (IOException e) {
            return false;
        }
    }

    private void writeManifest() throws IOException {
        Manifest manifest = Manifest.of(partial, sizes.keySet());
        add(new OutputFile.Text(Manifest.NAME, manifest.text()));
        if (place.sync()) {
            DiskSync.folders(partial);
        }
    }

    /// What a user should know of the publication.
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending: the hook has the folder now.
        }
    }

    private static MergeException failure(Path where, IOException e) {
        return new MergeException(
                Problem.output(where.toString(), "cannot be written: " + IoReason.of(e)), e);
    }
}
