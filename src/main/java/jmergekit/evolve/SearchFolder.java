package jmergekit.evolve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.DiskSync;
import jmergekit.publish.Removal;
import jmergekit.publish.RunLock;
import jmergekit.threads.ExitAction;
import jmergekit.weights.IoReason;

/// The folder of a search: its log, its results, and the models that are being scored. Only one
/// process at a time can open it.
///
/// @param label its name in messages
final class SearchFolder implements AutoCloseable {
    /// The file with a line for each evaluation.
    static final String LOG = "evaluations.jsonl";

    /// The winner's recipe.
    static final String BEST = "best_config.yaml";

    /// The winner as a model.
    static final String MODEL = "final_model";

    /// The state of the algorithm.
    static final String STATE = "state.json";

    /// The page about the search.
    static final String REPORT = "report.html";

    private static final String MODELS = "merged";
    private static final String TRIALS = "trials";

    private final Path path;
    private final String label;
    private final RunLock lock;
    private final ExitAction exit;

    private SearchFolder(Path path, String label, RunLock lock) {
        this.path = path;
        this.label = label;
        this.lock = lock;
        this.exit = ExitAction.add(this::removeModels);
    }

    // After a signal other threads may still write there; the next search in this folder removes
    // the rest.
    private void removeModels() {
        try {
            Removal.ofAll(path.resolve(MODELS));
        } catch (IOException e) {
            // Already reported above.
        }
    }

    /// Creates the folder if it does not exist.
    ///
    /// @param resume whether it must already contain a search; otherwise it must be empty
    /// @throws MergeException if another process uses it, or its content is wrong
    static SearchFolder open(Path path, String label, boolean resume) {
        try {
            if (!resume) {
                refuseContent(path, label);
            } else if (!Files.isRegularFile(path.resolve(SearchIdentity.FILE))) {
                throw new MergeException(
                        Problem.usage(label, "there is no search to resume")
                                .expected("a folder with " + SearchIdentity.FILE)
                                .hint("start one without --resume"));
            }
            Files.createDirectories(path);
            RunLock lock =
                    RunLock.take(path)
                            .orElseThrow(() ->
                                    new MergeException(
                                            Problem.output(
                                                            label,
                                                            "another search is using this folder")
                                                    .hint(
                                                            "wait for it, or choose another folder")));
            Removal.ofAll(path.resolve(MODELS));
            return new SearchFolder(path, label, lock);
        } catch (IOException e) {
            throw failed(label, e);
        }
    }

    private static void refuseContent(Path path, String label) throws IOException {
        if (Files.exists(path.resolve(SearchIdentity.FILE))) {
            throw new MergeException(
                    Problem.usage(label, "this folder already contains a search")
                            .hint("continue with --resume, or choose another --storage-path"));
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new MergeException(Problem.output(label, "this is not a folder"));
        }
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
                for (Path entry : content) {
                    if (!entry.endsWith(RunLock.NAME)) {
                        throw new MergeException(
                                Problem.output(label, "the folder is not empty")
                                        .found(String.valueOf(entry.getFileName()))
                                        .hint("choose a new folder for the search"));
                    }
                }
            }
        }
    }

    private static MergeException failed(String label, IOException e) {
        return new MergeException(Problem.output(label, "cannot be written: " + IoReason.of(e)), e);
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /// The name in messages of a file in the folder.
    String label(String name) {
        return label + "/" + name;
    }

    /// The path of the model that is scored in a slot.
    Path model(int slot) {
        return path.resolve(MODELS).resolve("slot-" + slot);
    }

    /// An empty folder for an evaluator's output.
    ///
    /// @param trial as in `candidate-00012`
    Path trial(String trial) {
        Path folder = path.resolve(TRIALS).resolve(trial);
        remove(folder);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed(label(TRIALS), e);
        }
    }

    /// Removes a subfolder and its contents, if it exists.
    void remove(Path folder) {
        try {
            Removal.ofAll(folder);
        } catch (IOException e) {
            throw failed(label(path.relativize(folder).toString()), e);
        }
    }

    /// Replaces a file atomically: it has either the new text or its previous content.
    void write(String name, String text) {
        Path part = path.resolve(name + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    part,
                    path.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            DiskSync.folder(path);
        } catch (IOException e) {
            throw failed(label(name), e);
        }
    }

    /// Removes the models that were scored, and releases the folder.
    @Override
    public void close() {
        try (exit) {
            try {
                Removal.ofAll(path.resolve(MODELS));
                removeIfEmpty(path.resolve(TRIALS));
            } finally {
                lock.release(path);
            }
        } catch (IOException e) {
            throw failed(label, e);
        }
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
                if (content.iterator().hasNext()) {
                    return;
                }
            }
            Files.deleteIfExists(folder);
        }
    }
}
