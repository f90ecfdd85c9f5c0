package jmergekit.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.threads.Jobs;
import jmergekit.weights.WeightFolder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The read access to the hub's models. No request is sent before the first model is opened.
/// Thread-safe: models are looked up one at a time.
public final class Hub implements AutoCloseable {
    /// Far larger than any tokenizer.
    private static final long MOST_SMALL_BYTES = 256 << 20;

    private final Supplier<HubSettings> settings;
    private final Jobs jobs;
    private final TransferProgress progress;
    private final Retries.Pause pause;
    private final Map<SnapshotKey, Snapshot> snapshots = new HashMap<>();
    // The same in order. Download lists read it while models are opened.
    private final List<Snapshot> inOrder = new CopyOnWriteArrayList<>();
    private final Map<RevisionKey, String> commits = new HashMap<>();
    // A failed look-up takes time, and would fail again.
    private final Map<RevisionKey, MergeException> failures = new ConcurrentHashMap<>();
    private @Nullable Session session;

    /// @param settings read when the first model is opened
    /// @param jobs runs downloads in parallel
    public Hub(Supplier<HubSettings> settings, Jobs jobs, TransferProgress progress) {
        this(settings, jobs, progress, Thread::sleep);
    }

    Hub(Supplier<HubSettings> settings, Jobs jobs, TransferProgress progress, Retries.Pause pause) {
        this.settings = settings;
        this.jobs = jobs;
        this.progress = progress;
        this.pause = pause;
    }

    private Session session() {
        if (session == null) {
            session = new Session(new HubClient(settings.get(), progress, pause), jobs, progress);
        }
        return session;
    }

    private record SnapshotKey(Path path, boolean wholeWeights) {}

    private record RevisionKey(RepoId id, Revision revision) {}

    /// Looks up a model, and downloads its small files. Its weights are not downloaded: their
    /// headers are fetched on demand.
    ///
    /// @param revision a branch, tag or commit; by default the main branch
    /// @param where the name of the model in messages
    /// @param problems receives warnings
    /// @throws MergeException if the model does not exist, or cannot be downloaded
    public synchronized WeightFolder open(
            RepoId id,
            Optional<String> revision,
            DownloadScope scope,
            String where,
            Problems problems) {
        Revision asked = revision.map(text -> revision(text, where)).orElse(Revision.MAIN);
        RepoCache cache = new RepoCache(session().settings(), id);
        Lookup lookup = new Lookup(id, asked, cache, scope, where, problems);
        if (session().settings().offline()) {
            return cached(lookup).orElseThrow(() -> notCached(lookup));
        }
        session().settings().exposed().ifPresent(problems::add);
        RevisionKey key = new RevisionKey(id, asked);
        MergeException before = failures.get(key);
        if (before != null) {
            return instead(before, lookup);
        }
        try {
            return current(lookup);
        } catch (MergeException e) {
            failures.put(key, e);
            return instead(e, lookup);
        }
    }

    private static Revision revision(String text, String where) {
        return Revision.of(text)
                .orElseThrow(() ->
                        new MergeException(
                                Problem.input(where, "not a valid name of a revision")
                                        .found("'" + text + "'")));
    }

    private static MergeException notCached(Lookup lookup) {
        return new MergeException(
                Problem.input(lookup.where(), "not in the download cache, and downloads are off")
                        .expected("'" + lookup.cache().folder() + "'")
                        .hint("unset HF_HUB_OFFLINE, or name another cache folder"));
    }

    private WeightFolder current(Lookup lookup) {
        String commit = commit(lookup);
        RepoTree tree = tree(lookup, commit);
        if (!tree.unsafe().isEmpty()) {
            lookup.problems()
                    .add(
                            Problem.input(
                                            lookup.where(),
                                            "lists files whose paths could lead out of its folder;"
                                                    + " ignored")
                                    .found("'" + tree.unsafe().getFirst() + "'")
                                    .asWarning());
        }
        Snapshot snapshot =
                snapshots.computeIfAbsent(
                        new SnapshotKey(
                                lookup.cache().snapshot(commit), lookup.scope().wholeWeights()),
                        _ -> snapshot(lookup, commit, tree));
        fetchSmall(snapshot, lookup.scope());
        return snapshot;
    }

    private Snapshot snapshot(Lookup lookup, String commit, RepoTree tree) {
        Snapshot snapshot = new Snapshot(session(), lookup, commit, tree, true);
        inOrder.add(snapshot);
        return snapshot;
    }

    private String commit(Lookup lookup) {
        Revision revision = lookup.revision();
        RepoCache cache = lookup.cache();
        if (revision.isCommit() && RepoTree.read(cache.tree(revision.text())).isPresent()) {
            return revision.text();
        }
        RevisionKey key = new RevisionKey(lookup.id(), revision);
        if (commits.containsKey(key)) {
            return commits.get(key);
        }
        progress.note("looking up " + lookup.where());
        String path = "/api/models/%s/revision/%s".formatted(lookup.id(), revision.encoded());
        JsonNode info =
                session()
                        .client()
                        .json(HubRequest.get(lookup.where(), session().settings().address(path)));
        String commit = info.path("sha").asString("");
        if (!Revision.isCommit(commit)) {
            throw new MergeException(
                    Problem.input(lookup.where(), "the server does not answer like a hub")
                            .expected("a commit's 'sha'")
                            .hint("check HF_ENDPOINT"));
        }
        cache.setCommit(revision, commit);
        commits.put(key, commit);
        return commit;
    }

    private RepoTree tree(Lookup lookup, String commit) {
        Path file = lookup.cache().tree(commit);
        Optional<RepoTree> known = RepoTree.read(file);
        if (known.isPresent()) {
            return known.get();
        }
        RepoTree tree = RepoTree.fetch(session().client(), lookup.id(), commit, lookup.where());
        if (tree.unsafe().isEmpty()) {
            lookup.cache().write(file, tree.json());
        }
        return tree;
    }

    private void fetchSmall(Snapshot snapshot, DownloadScope scope) {
        TransferProgress quiet = new QuietProgress(progress);
        Transfers transfers = new Transfers();
        for (RepoFile file : missingSmall(snapshot, scope)) {
            transfers.add(() -> new BlobDownload(snapshot, file, quiet, transfers::stopped).run());
        }
        transfers.runAll(jobs);
    }

    private static List<RepoFile> missingSmall(Snapshot snapshot, DownloadScope scope) {
        return snapshot.missing(scope.atOnce()).stream()
                .filter(f -> f.size() <= MOST_SMALL_BYTES)
                .toList();
    }

    // The network may be down; then what an earlier run left is better than nothing.
    private WeightFolder instead(MergeException failure, Lookup lookup) {
        boolean network = failure.getCause() instanceof IOException;
        Optional<WeightFolder> folder = network ? cached(lookup) : Optional.empty();
        if (folder.isEmpty()) {
            throw failure;
        }
        String used = "used instead: " + folder.get().path();
        failure.problems().forEach(p -> lookup.problems().add(p.hint(used).asWarning()));
        return folder.get();
    }

    /// The cached copy of a model, if there is one.
    private Optional<WeightFolder> cached(Lookup lookup) {
        RepoCache cache = lookup.cache();
        Optional<String> commit = cache.commit(lookup.revision());
        if (commit.isEmpty() || !Files.isDirectory(cache.snapshot(commit.get()))) {
            return Optional.empty();
        }
        Optional<RepoTree> tree = RepoTree.read(cache.tree(commit.get()));
        if (tree.isEmpty()) {
            return Optional.of(WeightFolder.onDisk(cache.snapshot(commit.get())));
        }
        Snapshot snapshot = new Snapshot(session(), lookup, commit.get(), tree.get(), false);
        List<RepoFile> missing = missingSmall(snapshot, lookup.scope());
        if (!missing.isEmpty()) {
            lookup.problems()
                    .add(
                            Problem.input(
                                            lookup.where(),
                                            "not all of its files are in the download cache")
                                    .found("no '" + missing.getFirst().path() + "'")
                                    .asWarning());
        }
        return Optional.of(snapshot);
    }

    /// Forgets failed look-ups, so that they can be retried: a long-running program may have its
    /// network back.
    public void forgetFailures() {
        failures.clear();
    }

    /// A new, empty list of files to download.
    public FetchList fetchList() {
        return fetchList(progress);
    }

    /// The same with another progress listener.
    public FetchList fetchList(TransferProgress heard) {
        return new FetchList(inOrder, jobs, heard);
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.client().close();
        }
    }
}
