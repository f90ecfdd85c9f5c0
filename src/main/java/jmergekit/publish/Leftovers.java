package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.publish.FolderNames.Hidden;
import jmergekit.publish.FolderNames.Kind;

/// What killed runs left next to an output folder.
///
/// A run that overwrites renames the earlier model, then its own. If it is killed in between, it
/// leaves two complete models and none in place; [#bringBack] repairs that. [#tidy] removes the
/// rest.
public final class Leftovers {
    /// Earlier versions had no locks, and a process number may belong to another container, so what
    /// they left must also be old.
    private static final Duration SETTLED = Duration.ofHours(1);

    /// A folder next to the target.
    private record Found(Path folder, Hidden hidden) {
        boolean is(Kind kind) {
            return hidden.kind() == kind;
        }

        boolean isOfRun(Found other) {
            return hidden.run().equals(other.hidden().run());
        }
    }

    private final FolderNames names;
    private final Path target;
    private final List<Found> found;
    private final List<String> notes = new ArrayList<>();

    private Leftovers(Path target) throws IOException {
        this.names = new FolderNames(target);
        this.target = target;
        this.found = find(names);
    }

    private static List<Found> find(FolderNames names) throws IOException {
        Path parent = names.target().getParent();
        List<Found> found = new ArrayList<>();
        if (parent == null || !Files.isDirectory(parent)) {
            return found;
        }
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.sorted().toList()) {
                if (Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)) {
                    names.parse(sibling.getFileName().toString())
                            .ifPresent(h -> found.add(new Found(sibling, h)));
                }
            }
        }
        return found;
    }

    /// The partial folder of a live run that writes to this target.
    public static Optional<Path> ofLivingRun(Path target) throws IOException {
        return find(new FolderNames(target)).stream()
                .filter(f -> f.is(Kind.PARTIAL) && RunLock.isLive(f.folder()))
                .map(Found::folder)
                .findFirst();
    }

    /// If nothing is at the target and a killed run left a complete model for it, moves that model
    /// there: the new one if it exists, otherwise the earlier one.
    ///
    /// @return what was done, in words
    public static List<String> bringBack(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        Leftovers leftovers = new Leftovers(target);
        leftovers.bringBack();
        return leftovers.notes;
    }

    /// Does the same, then removes what killed runs left and nobody needs; finished shards become
    /// the output's [PartialOutput].
    ///
    /// @return the actions that the user should know about, in words
    public static List<String> tidy(Path target) throws IOException {
        List<String> notes = new ArrayList<>(bringBack(target));
        Leftovers leftovers = new Leftovers(target);
        leftovers.remove();
        notes.addAll(leftovers.notes);
        return notes;
    }

    private void bringBack() throws IOException {
        for (Found partial : newestFirst(Kind.PARTIAL)) {
            Optional<RunLock> lock = RunLock.ofDead(partial.folder());
            if (lock.isEmpty()) {
                continue;
            }
            try (RunLock dead = lock.get()) {
                if (isComplete(partial.folder())) {
                    new ShardRecords(partial.folder()).forget();
                    dead.releaseIfRenamesNeedIt(partial.folder());
                    move(partial.folder(), target);
                    dead.release(target);
                    note(
                            "restored: an earlier run completed the model but was stopped before"
                                    + " it was in place");
                    return;
                }
            }
        }
        for (Kind kind : List.of(Kind.OLD, Kind.EARLIER_OLD)) {
            for (Found old : newestFirst(kind)) {
                if (isAbandoned(old)) {
                    move(old.folder(), target);
                    note(
                            "restored: an earlier run that was going to replace the model was"
                                    + " stopped");
                    return;
                }
            }
        }
    }

    private static boolean isComplete(Path folder) {
        return Manifest.read(folder).map(m -> m.differing(folder).isEmpty()).orElse(false);
    }

    private List<Found> newestFirst(Kind kind) {
        return found.stream()
                .filter(f -> f.is(kind))
                .sorted(Comparator.comparing((Found f) -> modified(f.folder())).reversed())
                .toList();
    }

    private static FileTime modified(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    // While the run that renamed an earlier model is alive, the lock is in its partial folder,
    // until the new model is in place.
    private boolean isAbandoned(Found old) {
        if (old.is(Kind.EARLIER_OLD)) {
            return isDeadProcess(old.hidden().run());
        }
        Path partial = names.partial(old.hidden().run());
        return !Files.exists(partial) || !RunLock.isLive(partial);
    }

    private void remove() throws IOException {
        for (Found each : found) {
            switch (each.hidden().kind()) {
                case PARTIAL -> removePartial(each);
                case BEGUN -> removeBegun(each);
                case OLD -> removeOld(each);
                case EARLIER_PARTIAL -> {
                    if (isDeadProcess(each.hidden().run()) && isSettled(each.folder())) {
                        Removal.ofAll(each.folder());
                    }
                }
                case EARLIER_OLD -> {
                    if (isDeadProcess(each.hidden().run())) {
                        removeOld(each);
                    }
                }
            }
        }
    }

    private void removePartial(Found partial) throws IOException {
        if (FolderContent.isEmpty(partial.folder())) {
            Files.deleteIfExists(partial.folder());
            return;
        }
        Optional<RunLock> lock = RunLock.ofDead(partial.folder());
        if (lock.isEmpty()) {
            return;
        }
        try (RunLock dead = lock.get()) {
            boolean interrupted =
                    found.stream().anyMatch(f -> f.is(Kind.OLD) && f.isOfRun(partial));
            if (interrupted && isComplete(partial.folder())) {
                // Something else took its place before it could be restored.
                new ShardRecords(partial.folder()).forget();
                Path finished = names.finished(partial.hidden().run());
                dead.releaseIfRenamesNeedIt(partial.folder());
                move(partial.folder(), finished);
                dead.release(finished);
                note("the complete model of an earlier run that was stopped is now " + finished);
            } else {
                new RunFolder(partial.hidden().run(), partial.folder(), dead)
                        .leave(target)
                        .ifPresent(this::note);
            }
        }
    }

    // It has no shards.
    private static void removeBegun(Found begun) throws IOException {
        Optional<RunLock> lock = RunLock.ofDead(begun.folder());
        if (lock.isPresent()) {
            new RunFolder(begun.hidden().run(), begun.folder(), lock.get()).remove();
        } else if (FolderContent.isEmpty(begun.folder())) {
            Files.deleteIfExists(begun.folder());
        }
    }

    /// Removes an earlier model that has been replaced.
    private void removeOld(Found old) throws IOException {
        if (!Files.exists(target)
                || old.is(Kind.OLD) && Files.exists(names.partial(old.hidden().run()))) {
            return;
        }
        removeReplaced(target, old.folder(), old.hidden().run()).ifPresent(this::note);
    }

    /// Removes an earlier model that has been replaced, except for files in its folder that no run
    /// wrote.
    ///
    /// @return where the rest is, in words
    public static Optional<String> removeReplaced(Path target, Path old, String run)
            throws IOException {
        if (Removal.ofOurs(old)) {
            return Optional.empty();
        }
        Path kept = new FolderNames(target).kept(run);
        move(old, kept);
        return Optional.of("other files from the earlier model's folder are now in " + kept);
    }

    private void note(String text) {
        notes.add(text);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isDeadProcess(String number) {
        return ProcessHandle.of(Long.parseLong(number)).isEmpty();
    }

    private static boolean isSettled(Path folder) throws IOException {
        Instant limit = Instant.now().minus(SETTLED);
        if (FolderContent.isEmpty(folder)) {
            return true;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.allMatch(f -> modified(f).toInstant().isBefore(limit));
        }
    }
}
