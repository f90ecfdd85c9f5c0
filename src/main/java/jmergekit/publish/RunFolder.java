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

    /// A new folder for a run that writes to this place.
    static RunFolder create(OutputPlace place) throws IOException {
        return create(place, new FolderNames(place.target())::partial);
    }

    /// A new folder that immediately becomes the place's [PartialOutput]. Other processes may make
    /// one at the same time: it does not look like the folder of a run that writes the output.
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
                // It belongs to another run.
            }
            if (lock.isPresent()) {
                return new RunFolder(run, path, lock.get());
            }
        }
        throw new MergeException(
                Problem.output(
                        place.given().toString(),
                        "the run's hidden folder next to it keeps disappearing"));
    }

    // The entry of each new folder is in its parent.
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

    /// Ends a run without a complete model: keeps finished shards for the next run of their plan,
    /// and removes the rest.
    ///
    /// @return what the user should know, in words
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

    /// Ends the run and keeps nothing.
    void remove() throws IOException {
        try (lock) {
            lock.releaseIfRenamesNeedIt(path);
            Removal.ofAll(path);
        }
    }
}
