package jmergekit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// A repository at one commit, as a folder in the cache: some of its files are there, all are known.
final class Snapshot implements WeightFolder {
    private final Session session;
    private final RepoCache cache;
    private final RepoId id;
    private final boolean wholeWeights;
    private final String commit;
    private final RepoTree tree;
    private final boolean reachable;
    private final VerifiedBlobs verified;
    private final Map<String, MergeException> failures = new ConcurrentHashMap<>();

    /// @param reachable whether what is not on disk can be fetched
    Snapshot(Session session, Lookup lookup, String commit, RepoTree tree, boolean reachable) {
        this.session = session;
        this.cache = lookup.cache();
        this.id = lookup.id();
        this.wholeWeights = lookup.scope().wholeWeights();
        this.commit = commit;
        this.tree = tree;
        this.reachable = reachable;
        this.verified = new VerifiedBlobs(cache, session.progress());
    }

    RepoCache cache() {
        return cache;
    }

    String commit() {
        return commit;
    }

    HubClient client() {
        return session.client();
    }

    /// What messages call a file.
    String where(RepoFile file) {
        return id + "/" + file.path();
    }

    URI address(RepoFile file) {
        return session.settings()
                .address("/" + id + "/resolve/" + commit + "/" + file.encodedPath());
    }

    /// The files that are not on disk yet and whose path matches.
    List<RepoFile> missing(Predicate<String> paths) {
        return tree.files().values().stream()
                .filter(f -> paths.test(f.path()) && !isThere(f))
                .toList();
    }

    boolean isThere(RepoFile file) {
        try {
            return isSound(cache.pointer(commit, file), file);
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a path in the cache holds the file's bytes, as far as size and hash tell.
    boolean isSound(Path path, RepoFile file) throws IOException {
        return RepoCache.size(path).equals(Optional.of(file.size()))
                && verified.holds(path, file, where(file));
    }

    VerifiedBlobs verified() {
        return verified;
    }

    Optional<RepoFile> file(String path) {
        return Optional.ofNullable(tree.files().get(path));
    }

    @Override
    public Path path() {
        return cache.snapshot(commit);
    }

    @Override
    public List<String> names() {
        return tree.files().values().stream()
                .filter(RepoFile::isInRoot)
                .map(RepoFile::path)
                .toList();
    }

    @Override
    public boolean holds(String name) {
        return tree.files().containsKey(name);
    }

    @Override
    public void prepare(WeightFormat format, List<String> names) {
        if (!reachable) {
            return;
        }
        List<RepoFile> missing = missing(names::contains);
        if (hasHeadersInFront(format)) {
            List<Runnable> fetches = new ArrayList<>();
            missing.forEach(f -> fetches.add(() -> fetchHeader(f)));
            session.jobs().runAll(fetches);
        } else if (wholeWeights) {
            FetchList whole = new FetchList(List.of(this), session.jobs(), session.progress());
            whole.add(this, names::contains);
            whole.run();
        }
    }

    // In a PyTorch file what tells of the tensors may lie behind them.
    private static boolean hasHeadersInFront(WeightFormat format) {
        return format.suffix().equals(SafetensorsHeader.FORMAT.suffix());
    }

    private void fetchHeader(RepoFile file) {
        try {
            new HeaderFetch(this, file).run();
        } catch (MergeException e) {
            failures.put(file.path(), e);
        }
    }

    @Override
    public WeightHeader header(WeightFormat format, String name) {
        RepoFile file = file(name).orElseThrow(() -> new IllegalArgumentException(name));
        Path pointer = cache.pointer(commit, file);
        if (!isThere(file) && !hasHeadersInFront(format)) {
            prepare(format, List.of(name));
        }
        if (isThere(file)) {
            return format.reader().apply(pointer);
        }
        if (!reachable) {
            throw new MergeException(
                    Problem.input(where(file), "not in the cache of downloads")
                            .expected("'" + pointer + "'")
                            .hint("it can be downloaded when the hub can be reached"));
        }
        if (!hasHeadersInFront(format)) {
            throw new MergeException(
                    Problem.input(where(file), "a PyTorch file shows its tensors only as a whole")
                            .hint(
                                    "it is downloaded when the recipe has no mistake and this is no"
                                            + " dry run"));
        }
        return headerInFront(file, pointer);
    }

    private WeightHeader headerInFront(RepoFile file, Path pointer) {
        MergeException failure = failures.get(file.path());
        if (failure != null) {
            throw failure;
        }
        Path header = cache.header(file);
        new HeaderFetch(this, file).run();
        try (InputStream in = Files.newInputStream(header)) {
            return SafetensorsHeader.read(pointer, file.size(), in);
        } catch (MergeException e) {
            // It may be the copy that is damaged.
            cache.removeHeader(file);
            throw e;
        } catch (IOException e) {
            throw RepoCache.unwritable(header, e);
        }
    }
}
