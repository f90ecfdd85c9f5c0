package jmergekit.publish;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The hidden folder of a run, and its lock.
///
/// @param run the run's name
record RunFolder(String run, Path path, RunLock lock) {
    private static final int ATTEMPTS = 5;

    /// A new one for a run to this place.
    static RunFolder create(OutputPlace place) throws IOException {
        return create(place, new FolderNames(place.target())::partial);
    }

    /// A new one that is to become the place's [PartialOutput] at once. Other processes may make one at
    /// the same time: it does not look like that of a run that writes the output.
    static RunFolder begin(OutputPlace place) throws IOException {
        return create(place, new FolderNames(place.target())::begun);
    }

    private static RunFolder create(OutputPlace place, Function<String, Path> name)
            throws IOException {
        makeFolders(place.target().getParent(), place.sync());
        for (int i = 0; i < ATTEMPTS; i++) {
            String run = FolderNames.newRun();
            Path path = name.apply(run);
            Optional<RunLock> lock = Optional.empty();
            try {
                Files.createDirectory(path);
                lock = RunLock.create(path);
            } catch (FileAlreadyExistsException e) {
                // Another run's.
            }
            if (lock.isPresent()) {
                return new RunFolder(run, path, lock.get());
            }
        }
        throw new MergeException(
                Problem.output(
                        place.given().toString(),
                        "the hidden folder that the run writes to disappears beside it"));
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

    ShardRecords records() {
        return new ShardRecords(path);
    }

    /// Ends a run that has no complete model: keeps finished shards, for the next run of their plan,
    /// and removes the rest.
    ///
    /// @return what a user should know, in words
    Optional<String> leave(Path target) throws IOException {
        if (records().finished().isEmpty()) {
            remove();
            return Optional.empty();
        }
        try (lock) {
            records().prune();
            return new PartialOutput(target).take(this);
        }
    }

    /// The same, and keeps nothing.
    void remove() throws IOException {
        try (lock) {
            lock.releaseIfRenamesNeedIt(path);
            Removal.ofAll(path);
        }
    }
}
