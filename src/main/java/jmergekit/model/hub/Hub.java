package jmergekit.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.WeightFolder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The hub, as far as models are read from it. Nothing is asked before the first model is opened.
public final class Hub implements AutoCloseable {
    /// Far above any tokenizer.
    private static final long MOST_SMALL_BYTES = 256 << 20;

    private final Supplier<HubSettings> settings;
    private final Jobs jobs;
    private final TransferProgress progress;
    private final Retries.Pause pause;
    private final Map<Path, Snapshot> snapshots = new LinkedHashMap<>();
    private final Map<Wanted, WeightFolder> opened = new HashMap<>();
    private @Nullable HubClient client;

    private record Wanted(RepoId id, Optional<String> revision) {}

    /// @param settings asked for when the first model is opened
    /// @param jobs runs downloads beside each other
    public Hub(Supplier<HubSettings> settings, Jobs jobs, TransferProgress progress) {
        this(settings, jobs, progress, Thread::sleep);
    }

    Hub(Supplier<HubSettings> settings, Jobs jobs, TransferProgress progress, Retries.Pause pause) {
        this.settings = settings;
        this.jobs = jobs;
        this.progress = progress;
        this.pause = pause;
    }

    private HubClient client() {
        if (client == null) {
            client = new HubClient(settings.get(), progress, pause);
        }
        return client;
    }

    /// Looks a model up, the first time it is asked for, and downloads its small files. Its weights stay where they are: only their
    /// headers are fetched, when they are asked for.
    ///
    /// @param revision a branch, tag or commit; else the main branch
    /// @param small whether a file, by its path, is to be downloaded at once
    /// @param where what messages call the model
    /// @param problems hears of what is odd and no reason to stop
    /// @throws MergeException if there is no such model, or it cannot be had
    public WeightFolder open(
            RepoId id,
            Optional<String> revision,
            Predicate<String> small,
            String where,
            Problems problems) {
        Wanted wanted = new Wanted(id, revision);
        WeightFolder known = opened.get(wanted);
        if (known == null) {
            known = lookUp(id, revision, small, where, problems);
            opened.put(wanted, known);
        }
        return known;
    }

    private WeightFolder lookUp(
            RepoId id,
            Optional<String> revision,
            Predicate<String> small,
            String where,
            Problems problems) {
        Revision wanted =
                revision.map(text ->
                                Revision.of(text)
                                        .orElseThrow(() ->
                                                new MergeException(
                                                        Problem.input(
                                                                        where,
                                                                        "not the name of a revision")
                                                                .found("'" + text + "'"))))
                        .orElse(Revision.MAIN);
        RepoCache cache = new RepoCache(client().settings(), id);
        Cached cached = new Cached(client(), jobs, progress, cache, id, wanted, small);
        if (client().settings().offline()) {
            return cached.find(where, problems).orElseThrow(() -> notCached(cache, where));
        }
        try {
            return current(cache, id, wanted, small, where, problems);
        } catch (MergeException e) {
            return instead(e, cached, where, problems);
        }
    }

    private static MergeException notCached(RepoCache cache, String where) {
        return new MergeException(
                Problem.input(where, "not in the cache of downloads, which alone may be used")
                        .expected("'" + cache.folder() + "'")
                        .hint("unset HF_HUB_OFFLINE, or name another cache folder"));
    }

    private WeightFolder current(
            RepoCache cache,
            RepoId id,
            Revision revision,
            Predicate<String> small,
            String where,
            Problems problems) {
        String commit = commit(id, revision, cache, where);
        RepoTree tree = tree(id, commit, cache, where);
        reportUnsafe(tree, where, problems);
        Snapshot snapshot =
                snapshots.computeIfAbsent(
                        cache.snapshot(commit),
                        _ -> new Snapshot(client(), jobs, progress, cache, id, commit, tree, true));
        fetchSmall(snapshot, small);
        return snapshot;
    }

    private String commit(RepoId id, Revision revision, RepoCache cache, String where) {
        if (revision.isCommit() && RepoTree.read(cache.tree(revision.text())).isPresent()) {
            return revision.text();
        }
        progress.note("looking up " + where);
        JsonNode info =
                client().json(
                                HubRequest.get(
                                        where,
                                        client().settings()
                                                .address(
                                                        "/api/models/%s/revision/%s"
                                                                .formatted(
                                                                        id, revision.encoded()))));
        String commit = info.path("sha").asString("");
        if (!Revision.isCommit(commit)) {
            throw new MergeException(
                    Problem.input(where, "the server's answer is not that of a hub")
                            .expected("the 'sha' of a commit")
                            .hint("check HF_ENDPOINT"));
        }
        cache.setCommit(revision, commit);
        return commit;
    }

    private RepoTree tree(RepoId id, String commit, RepoCache cache, String where) {
        Path file = cache.tree(commit);
        Optional<RepoTree> known = RepoTree.read(file);
        if (known.isPresent()) {
            return known.get();
        }
        RepoTree tree = RepoTree.fetch(client(), id, commit, where);
        if (tree.unsafe().isEmpty()) {
            cache.write(file, tree.json());
        }
        return tree;
    }

    private static void reportUnsafe(RepoTree tree, String where, Problems problems) {
        if (!tree.unsafe().isEmpty()) {
            problems.add(
                    Problem.input(
                                    where,
                                    "lists files whose names could lead out of its folder; ignored")
                            .found("'" + tree.unsafe().getFirst() + "'")
                            .asWarning());
        }
    }

    private void fetchSmall(Snapshot snapshot, Predicate<String> small) {
        TransferProgress quiet = new NotesOnly(progress);
        Transfers transfers = new Transfers();
        for (RepoFile file : missingSmall(snapshot, small)) {
            transfers.add(() -> new BlobDownload(snapshot, file, quiet, transfers::stopped).run());
        }
        transfers.runAll(jobs);
    }

    private static List<RepoFile> missingSmall(Snapshot snapshot, Predicate<String> small) {
        return snapshot.missing(small).stream().filter(f -> f.size() <= MOST_SMALL_BYTES).toList();
    }

    // The network may be down; then what an earlier run left is better than nothing.
    private WeightFolder instead(
            MergeException failure, Cached cached, String where, Problems problems) {
        boolean network = failure.getCause() instanceof IOException;
        Optional<WeightFolder> folder = network ? cached.find(where, problems) : Optional.empty();
        if (folder.isEmpty()) {
            throw failure;
        }
        String used = "used instead: " + folder.get().path();
        failure.problems().forEach(p -> problems.add(p.hint(used).asWarning()));
        return folder.get();
    }

    /// What the cache has of a model.
    private record Cached(
            HubClient client,
            Jobs jobs,
            TransferProgress progress,
            RepoCache cache,
            RepoId id,
            Revision revision,
            Predicate<String> small) {
        Optional<WeightFolder> find(String where, Problems problems) {
            Optional<String> commit = cache.commit(revision);
            if (commit.isEmpty() || !Files.isDirectory(cache.snapshot(commit.get()))) {
                return Optional.empty();
            }
            Optional<RepoTree> tree = RepoTree.read(cache.tree(commit.get()));
            if (tree.isEmpty()) {
                return Optional.of(WeightFolder.onDisk(cache.snapshot(commit.get())));
            }
            Snapshot snapshot =
                    new Snapshot(
                            client, jobs, progress, cache, id, commit.get(), tree.get(), false);
            List<RepoFile> missing = missingSmall(snapshot, small);
            if (!missing.isEmpty()) {
                problems.add(
                        Problem.input(where, "not all of its files are in the cache of downloads")
                                .found("no '" + missing.getFirst().path() + "'")
                                .asWarning());
            }
            return Optional.of(snapshot);
        }
    }

    /// A list of files to download, empty at first.
    public FetchList fetchList() {
        return new FetchList(snapshots.values(), jobs, progress);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
