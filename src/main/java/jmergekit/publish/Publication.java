package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;

/// Moves a complete folder to its place. A rename to a free name, or onto an empty folder, fails if
/// somebody puts something there at that moment, so no race loses data.
///
/// Java cannot exchange two names, so an earlier model is renamed first. A run that is killed
/// between the two renames leaves both models complete next to the place, and [Leftovers] repairs
/// that.
final class Publication {
    /// The steps that have been completed.
    enum Step {
        /// The folder is complete and on the disk.
        COMPLETE,
        /// The earlier model has been moved away.
        ASIDE,
        /// The new one is in place.
        IN_PLACE
    }

    private final OutputPlace place;
    private final Path target;
    private final Path complete;
    private final Path old;
    private final Path finished;
    private final Path kept;
    private final String run;
    private final Consumer<Step> watcher;

    Publication(OutputPlace place, String run, Path complete, Consumer<Step> watcher) {
        FolderNames names = new FolderNames(place.target());
        this.place = place;
        this.target = place.target();
        this.complete = complete;
        this.old = names.old(run);
        this.finished = names.finished(run);
        this.kept = names.kept(run);
        this.run = run;
        this.watcher = watcher;
    }

    /// @return what the user should know, in words
    /// @throws MergeException if the folder could not be moved there; the message gives its path
    Optional<String> run() {
        boolean replaces;
        try {
            replaces = makeRoom();
            move(complete, target);
        } catch (IOException e) {
            throw kept(occupied() ? "something else appeared there during the run" : reason(e), e);
        }
        watcher.accept(Step.IN_PLACE);
        sync();
        return replaces ? removeOld() : Optional.empty();
    }

    private void sync() {
        try {
            if (place.sync()) {
                DiskSync.folder(target.getParent());
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(
                            place.given().toString(),
                            "the model is in place, but a power cut could undo that: "
                                    + IoReason.of(e)),
                    e);
        }
    }

    private boolean makeRoom() throws IOException {
        if (!place.overwrite()
                || !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
                || FolderContent.isEmpty(target)) {
            return false;
        }
        Optional<Problem> problem = place.replaceProblem(FolderContent.of(target));
        if (problem.isPresent()) {
            throw kept(problem.get().what(), new IOException(problem.get().toString()));
        }
        move(target, old);
        watcher.accept(Step.ASIDE);
        return true;
    }

    private boolean occupied() {
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && Files.exists(complete, LinkOption.NOFOLLOW_LINKS);
    }

    private static String reason(IOException e) {
        return "cannot be written: " + IoReason.of(e);
    }

    /// Hours of work are not thrown away: the finished model gets a visible name.
    private MergeException kept(String what, IOException cause) {
        String earlier = restoreOld();
        Path where = complete;
        try {
            move(complete, finished);
            where = finished;
            Files.deleteIfExists(finished.resolve(RunLock.NAME));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new MergeException(
                Problem.output(place.given().toString(), what)
                        .hint(earlier + "; the finished model is " + where),
                cause);
    }

    /// If something else took the place, the earlier model also gets a visible name: the next run
    /// would otherwise treat it as replaced.
    private String restoreOld() {
        if (!Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
            return "nothing there was touched";
        }
        boolean isTaken = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        try {
            move(old, isTaken ? kept : target);
            return isTaken ? "the earlier model is " + kept : "nothing there was touched";
        } catch (IOException e) {
            return "the earlier model is " + old;
        }
    }

    // The new model is in place: whatever goes wrong now is not a failure.
    private Optional<String> removeOld() {
        try {
            return Leftovers.removeReplaced(target, old, run);
        } catch (IOException e) {
            return Optional.of(
                    "the earlier model could not be removed and is in %s: %s"
                            .formatted(old, IoReason.of(e)));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
