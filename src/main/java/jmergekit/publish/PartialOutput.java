package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.IoReason;

/// `NAME.partial` next to the output `NAME`: finished shards of one plan, from which a run may
/// resume.
///
/// A run that changes it takes its lock first, and gives it a hidden name: of two runs one gets it.
/// Processes that make a single shard work in it, each with its own lock. Such a process takes its
/// lock and then checks the folder's; a run does the reverse, so one of them gives way.
public final class PartialOutput {
    private final FolderNames names;

    /// The number of files that a message lists.
    private static final int SHOWN = 3;

    private final Path folder;
    private final ShardRecords records;

    PartialOutput(Path target) {
        this.names = new FolderNames(target);
        this.folder = names.partialOutput();
        this.records = new ShardRecords(folder);
    }

    /// The path of the folder, whether it exists or not.
    public Path folder() {
        return folder;
    }

    ShardRecords records() {
        return records;
    }

    public boolean exists() {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /// What stops a run from resuming from the shards, or from making them again.
    ///
    /// @param resume whether it resumes from them
    public Optional<Problem> problem(RunRecord record, boolean resume) {
        Optional<Problem> living = livingProblem();
        return living.isPresent() ? living : resume ? resumeProblem(record) : contentProblem();
    }

    private Optional<Problem> livingProblem() {
        return RunLock.isLive(folder) || hasLivingPart() ? Optional.of(inUse()) : Optional.empty();
    }

    /// What stops a process from making one shard in it.
    Optional<Problem> joinProblem(RunRecord record) {
        return RunLock.isLive(folder) ? Optional.of(inUse()) : fitProblem(record, "remove it");
    }

    /// What stops a run that makes no shards from publishing these: shards of another plan, missing
    /// or damaged shards of this plan, or processes that are still working.
    ///
    /// @param where the name of the shards' folder in messages
    public Optional<Problem> publishProblem(RunRecord record, ShardLayout layout, String where) {
        if (!exists()) {
            return UnfinishedShards.all(layout).problem(where);
        }
        Optional<Problem> problem =
                fitProblem(record, "choose another output, or use the plan of these shards")
                        .or(() -> unfinishedProblem(layout, where));
        return problem.isPresent() ? problem : livingProblem();
    }

    private Optional<Problem> unfinishedProblem(ShardLayout layout, String where) {
        try {
            return UnfinishedShards.of(records, layout).problem(where);
        } catch (IOException e) {
            return Optional.of(
                    Problem.output(folder.toString(), "cannot be read: " + IoReason.of(e)));
        }
    }

    private Problem inUse() {
        return Problem.output(folder.toString(), "another run is using it")
                .hint("wait for it, or choose another output folder");
    }

    private boolean hasLivingPart() {
        try {
            return records.parts().stream()
                    .anyMatch(run -> RunLock.isLiveFile(records.partLock(run)));
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Problem> resumeProblem(RunRecord record) {
        return fitProblem(record, "remove it, or omit --resume");
    }

    private Optional<Problem> fitProblem(RunRecord record, String hint) {
        Optional<Problem> content = contentProblem();
        return content.isPresent()
                ? content
                : records.record()
                        .flatMap(found -> record.difference(found, folder.toString()))
                        .map(p -> p.hint(hint));
    }

    private Optional<Problem> contentProblem() {
        if (!exists()) {
            return Optional.empty();
        }
        if (records.record().isEmpty()) {
            return Optional.of(foreign());
        }
        try {
            List<String> others = records.foreign();
            return others.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            Problem.output(
                                            folder.toString(),
                                            "holds files that no run has made, and they would be"
                                                    + " removed with it")
                                    .found(ShortList.quoted(others, SHOWN))
                                    .hint("move them elsewhere"));
        } catch (IOException e) {
            return Optional.of(
                    Problem.output(folder.toString(), "cannot be read: " + IoReason.of(e)));
        }
    }

    private Problem foreign() {
        return Problem.output(
                        folder.toString(),
                        "stopped runs keep their shards under this name, but something else is"
                                + " there")
                .hint("move it elsewhere, or choose another output folder");
    }

    /// What the user should know before a run that does not resume from the shards, if there are
    /// any.
    public Optional<String> text(RunRecord record) {
        Optional<RunRecord> found = records.record();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String shards = "%s in %s".formatted(records.text(), folder);
        return Optional.of(
                record.difference(found.get(), folder.toString())
                        .map(d -> "%s are removed: %s".formatted(shards, d.what()))
                        .orElse(
                                shards
                                        + " belong to this plan: --resume continues from them;"
                                        + " without it they are removed"));
    }

    /// Where the shards of a stopped run are, in words.
    public String whereabouts() {
        return whereabouts(records.text());
    }

    private String whereabouts(String shards) {
        return "%s of a stopped run are in %s".formatted(shards, folder);
    }

    /// Bytes of disk that the finished shards take: a run resumes from them, or removes them.
    long bytes() {
        return records.bytes();
    }

    /// Gives the folder the hidden name of a run.
    ///
    /// @param resume whether the run resumes from the shards
    RunFolder claim(String run, RunRecord record, boolean resume) throws IOException {
        // Nothing may be added to a folder that no run made, not even a lock.
        Optional<Problem> before = resume ? resumeProblem(record) : contentProblem();
        if (before.isPresent()) {
            throw new MergeException(before.get());
        }
        RunLock lock =
                (Files.exists(folder.resolve(RunLock.NAME), LinkOption.NOFOLLOW_LINKS)
                                ? RunLock.ofDead(folder)
                                : RunLock.create(folder))
                        .orElseThrow(() -> new MergeException(inUse()));
        Optional<Problem> problem =
                hasLivingPart()
                        ? Optional.of(inUse())
                        : resume ? resumeProblem(record) : contentProblem();
        if (problem.isPresent()) {
            lock.release(folder);
            throw new MergeException(problem.get());
        }
        try {
            Path hidden = names.partial(run);
            return new RunFolder(run, hidden, lock.move(folder, hidden));
        } catch (NoSuchFileException e) {
            lock.close();
            throw new MergeException(inUse(), e);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /// Removes the folder for a run that makes its shards again.
    void remove(RunRecord record) throws IOException {
        String run = FolderNames.newRun();
        claim(run, record, false).remove();
    }

    /// Gives a stopped run's hidden folder this name. If shards of another run are here already,
    /// the set with more bytes stays.
    ///
    /// @return what the user should know, in words
    Optional<String> take(RunFolder stopped) throws IOException {
        String text = stopped.records().text();
        String removed = "";
        if (exists()) {
            Optional<RunRecord> other = records.record();
            if (other.isEmpty() || livingProblem().isPresent()) {
                return Optional.of(
                        "%s of a stopped run stay in %s, since %s is %s"
                                .formatted(
                                        text,
                                        stopped.path(),
                                        folder,
                                        other.isEmpty() ? "something else" : "in use"));
            }
            if (records.bytes() >= stopped.records().bytes()) {
                stopped.remove();
                return Optional.of(
                        "%s of a stopped run were removed, since %s has as many bytes or more"
                                .formatted(text, folder));
            }
            removed = "; %s of another run there were removed".formatted(records.text());
            remove(other.get());
        }
        stopped.lock().move(stopped.path(), folder).release(folder);
        return Optional.of(whereabouts(text) + removed);
    }
}
