package jmergekit.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.threads.Jobs;

/// Files that a run needs and that are still on the hub.
public final class FetchList {
    private record Entry(Snapshot snapshot, RepoFile file) {}

    private final Collection<Snapshot> snapshots;
    private final Jobs jobs;
    private final TransferProgress progress;
    private final Set<Entry> entries = new LinkedHashSet<>();

    FetchList(Collection<Snapshot> snapshots, Jobs jobs, TransferProgress progress) {
        this.snapshots = snapshots;
        this.jobs = jobs;
        this.progress = progress;
    }

    /// Adds those of `files` that are in the folder of a hub model and not downloaded yet.
    public void add(Collection<Path> files) {
        Set<Path> wanted = Set.copyOf(files);
        for (Snapshot snapshot : snapshots) {
            add(snapshot, path -> wanted.contains(snapshot.path().resolve(path)));
        }
    }

    /// Adds the files of one folder whose relative path, with forward slashes, matches.
    public void add(Path folder, Predicate<String> paths) {
        snapshots.stream().filter(s -> s.path().equals(folder)).forEach(s -> add(s, paths));
    }

    void add(Snapshot snapshot, Predicate<String> paths) {
        for (RepoFile file : snapshot.missing(paths)) {
            // A model can be open in two ways.
            boolean listed =
                    entries.stream()
                            .anyMatch(e ->
                                    e.snapshot.path().equals(snapshot.path())
                                            && e.file.equals(file));
            if (!listed) {
                entries.add(new Entry(snapshot, file));
            }
        }
    }

    /// Sizes of the matching files of one folder that are not downloaded yet, by their path in it.
    public Map<String, Long> missing(Path folder, Predicate<String> paths) {
        Map<String, Long> sizes = new TreeMap<>();
        snapshots.stream()
                .filter(s -> s.path().equals(folder))
                .flatMap(s -> s.missing(paths).stream())
                .forEach(f -> sizes.put(f.path(), f.size()));
        return sizes;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public int files() {
        return entries.size();
    }

    /// Total bytes of all files.
    public long bytes() {
        return entries.stream().mapToLong(e -> e.file().size()).sum();
    }

    /// Bytes still to be downloaded.
    private long bytesLeft() {
        long left = 0;
        for (Entry e : entries) {
            try {
                Path incomplete = e.snapshot().cache().incomplete(e.file());
                left += e.file().size() - RepoCache.size(incomplete).orElse(0L);
            } catch (IOException failure) {
                left += e.file().size();
            }
        }
        return left;
    }

    /// Finds what would stop the files from being downloaded.
    public void check(Problems problems) {
        long left = bytesLeft();
        if (left == 0) {
            return;
        }
        // It exists, since it holds the models' small files.
        Path cache = entries.iterator().next().snapshot().cache().folder();
        // Files.getFileStore finds no mount point in a changed root (chroot).
        long free = cache.toFile().getUsableSpace();
        if (free < left) {
            problems.add(
                    Problem.output(cache.toString(), "not enough disk space for the downloads")
                            .expected(ByteSize.text(left))
                            .found(ByteSize.text(free))
                            .hint(
                                    "make room, or name another cache folder with"
                                            + " --transformers-cache or HF_HUB_CACHE"));
        }
    }

    /// Transfers the files.
    ///
    /// @throws jmergekit.problem.MergeException if a file cannot be downloaded; everything
    ///     downloaded so far is kept
    public void run() {
        if (isEmpty()) {
            return;
        }
        Problems problems = new Problems();
        check(problems);
        problems.throwIfErrors();
        Map<Path, List<Entry>> byBlob = new LinkedHashMap<>();
        for (Entry e : entries) {
            Path blob = e.snapshot().cache().blob(e.file());
            byBlob.computeIfAbsent(blob, _ -> new ArrayList<>()).add(e);
        }
        progress.begin("downloading", files(), bytes());
        try {
            Transfers transfers = new Transfers();
            for (List<Entry> same : byBlob.values()) {
                transfers.add(() ->
                        same.forEach(e ->
                                new BlobDownload(
                                                e.snapshot(),
                                                e.file(),
                                                progress,
                                                transfers::stopped)
                                        .run()));
            }
            transfers.runAll(jobs);
        } finally {
            progress.end();
        }
    }
}
