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

/// A repository at one commit, as a folder in the cache: all of its files are known, and some are
/// downloaded.
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

    /// @param reachable whether files that are not on disk can be downloaded
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

    /// The name of a file in messages.
    String where(RepoFile file) {
        return id + "/" + file.path();
    }

    URI address(RepoFile file) {
        return session.settings()
                .address("/" + id + "/resolve/" + commit + "/" + file.encodedPath());
    }

    /// The files with a matching path that are not on disk yet.
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

    /// Whether a path in the cache holds the file's bytes, judging by size and hash.
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

    // A PyTorch file may list its tensors behind their data.
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
                    Problem.input(where(file), "not in the download cache")
                            .expected("'" + pointer + "'")
                            .hint("it can be downloaded when the hub is reachable"));
        }
        if (!hasHeadersInFront(format)) {
            throw new MergeException(
                    Problem.input(
                                    where(file),
                                    "a PyTorch file's tensors are known only after a full download")
                            .hint(
                                    "it is downloaded if the recipe has no errors and this is not"
                                            + " a dry run"));
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
            // The copy may be the damaged one.
            cache.removeHeader(file);
            throw e;
        } catch (IOException e) {
            throw RepoCache.unwritable(header, e);
        }
    }
}
