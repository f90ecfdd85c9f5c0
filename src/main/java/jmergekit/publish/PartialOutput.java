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

/// `NAME.partial` beside the output `NAME`: finished shards of one plan, which a run may go on from.
///
/// Whoever changes it takes its lock first, and gives it a hidden name: of two runs one gets it.
/// Processes that make a single shard work in it, each with a lock of its own. Such a process takes
/// that and then looks for the folder's, and a run does so the other way round, so one of them gives
/// way.
public final class PartialOutput {
    private final FolderNames names;

    /// Files that a message lists.
    private static final int SHOWN = 3;

    private final Path folder;
    private final ShardRecords records;

    PartialOutput(Path target) {
        this.names = new FolderNames(target);
        this.folder = names.partialOutput();
        this.records = new ShardRecords(folder);
    }

    /// Where it is, whether it exists or not.
    public Path folder() {
        return folder;
    }

    ShardRecords records() {
        return records;
    }

    public boolean exists() {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /// What keeps a run from going on from the shards, or from making them anew.
    ///
    /// @param resume whether it goes on from them
    public Optional<Problem> problem(RunRecord record, boolean resume) {
        Optional<Problem> living = livingProblem();
        return living.isPresent() ? living : resume ? resumeProblem(record) : contentProblem();
    }

    private Optional<Problem> livingProblem() {
        return RunLock.isLive(folder) || hasLivingPart() ? Optional.of(inUse()) : Optional.empty();
    }

    /// What keeps a process from making one shard in it.
    Optional<Problem> joinProblem(RunRecord record) {
        return RunLock.isLive(folder) ? Optional.of(inUse()) : fitProblem(record, "remove it");
    }

    /// What keeps a run that makes no shards from publishing these: shards of another plan, or of this
    /// one that are missing or damaged, or processes that are at work.
    ///
    /// @param where how messages call the place of the shards
    public Optional<Problem> publishProblem(RunRecord record, ShardLayout layout, String where) {
        if (!exists()) {
            return UnfinishedShards.all(layout).problem(where);
        }
        Optional<Problem> problem =
                fitProblem(record, "choose another output, or the plan that they are of")
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
        return Problem.output(folder.toString(), "another run is using it now")
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
        return fitProblem(record, "remove it, or leave out --resume");
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
                                            "holds files that no run has made, and would be removed"
                                                    + " with them")
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
                        "a run that is stopped keeps its shards under this name, and something"
                                + " else has it")
                .hint("move it elsewhere, or choose another output folder");
    }

    /// What a user should know before a run that does not go on from the shards, if there are any.
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
                                        + " are of this plan: --resume goes on from them; without"
                                        + " it they are removed"));
    }

    /// Where the shards of a stopped run are, in words.
    public String whereabouts() {
        return whereabouts(records.text());
    }

    private String whereabouts(String shards) {
        return "%s of a run that was stopped are in %s".formatted(shards, folder);
    }

    /// What finished shards take of the disk: a run goes on from them, or removes them.
    long bytes() {
        return records.bytes();
    }

    /// Gives the folder a run's hidden name.
    ///
    /// @param resume whether the run goes on from the shards
    RunFolder claim(String run, RunRecord record, boolean resume) throws IOException {
        // Nothing is put into what is no run's, not even a lock.
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

    /// Removes the folder for a run that makes its shards anew.
    void remove(RunRecord record) throws IOException {
        String run = FolderNames.newRun();
        claim(run, record, false).remove();
    }

    /// Gives a stopped run's hidden folder this name. If shards of another run are here already, those
    /// that are more bytes stay.
    ///
    /// @return what a user should know, in words
    Optional<String> take(RunFolder stopped) throws IOException {
        String text = stopped.records().text();
        String removed = "";
        if (exists()) {
            Optional<RunRecord> other = records.record();
            if (other.isEmpty() || livingProblem().isPresent()) {
                return Optional.of(
                        "%s of a run that was stopped stay in %s, since %s is %s"
                                .formatted(
                                        text,
                                        stopped.path(),
                                        folder,
                                        other.isEmpty() ? "something else" : "in use"));
            }
            if (records.bytes() >= stopped.records().bytes()) {
                stopped.remove();
                return Optional.of(
                        "%s of a run that was stopped were removed, since %s has as many bytes or more"
                                .formatted(text, folder));
            }
            removed =
                    "; those of another that were there, %s, were removed"
                            .formatted(records.text());
            remove(other.get());
        }
        stopped.lock().move(stopped.path(), folder).release(folder);
        return Optional.of(whereabouts(text) + removed);
    }
}
