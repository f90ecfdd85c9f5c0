package jmergekit.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The files of a repository at one commit, by path. A commit never changes, so its tree stays in
/// the cache forever, in the format of the hub's own client.
///
/// @param unsafe paths that were omitted because they could lead out of a folder
record RepoTree(Map<String, RepoFile> files, List<String> unsafe) {
    private static final int MOST_FILES = 100_000;
    private static final int FORMAT_VERSION = 1;
    private static final long LONGEST_FILE = 64_000_000;
    private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");

    /// The hub lists a thousand files per page.
    private static final int MOST_PAGES = 200;

    private static final Duration LONGEST_LISTING = Duration.ofMinutes(2);

    /// Fetches the tree from the hub.
    static RepoTree fetch(HubClient client, RepoId id, String commit, String where) {
        RepoTree tree = new RepoTree(new TreeMap<>(), new ArrayList<>());
        URI page =
                client.settings()
                        .address("/api/models/" + id + "/tree/" + commit + "?recursive=true");
        long start = System.nanoTime();
        int pages = 0;
        for (Optional<URI> next = Optional.of(page); next.isPresent(); ) {
            next = tree.addPage(client, HubRequest.get(where, next.get()));
            boolean late = System.nanoTime() - start > LONGEST_LISTING.toNanos();
            if (next.isPresent() && (++pages == MOST_PAGES || late)) {
                throw new MergeException(
                        Problem.input(where, "the hub's list of files does not end")
                                .expected(
                                        "at most %d pages in %d s"
                                                .formatted(MOST_PAGES, LONGEST_LISTING.toSeconds()))
                                .hint("check HF_ENDPOINT"));
            }
        }
        return tree;
    }

    private Optional<URI> addPage(HubClient client, HubRequest request) {
        return client.send(
                request,
                response -> {
                    JsonNode entries = client.json(response.orRefuse(client.hasToken()));
                    for (JsonNode entry : entries.values()) {
                        if (entry.path("type").asString("").equals("file")) {
                            add(request.where(), entry);
                        }
                    }
                    return nextPage(response);
                });
    }

    private void add(String where, JsonNode entry) {
        if (files.size() >= MOST_FILES) {
            throw new MergeException(
                    Problem.input(where, "the repository has too many files")
                            .expected("at most " + MOST_FILES));
        }
        JsonNode lfs = entry.path("lfs");
        add(
                where,
                new RepoFile(
                        entry.path("path").asString(""),
                        lfs.path("size").asLong(entry.path("size").asLong(-1)),
                        entry.path("oid").asString(""),
                        lfs.path("oid").asString("")));
    }

    private void add(String where, RepoFile file) {
        if (!RepoFile.isSafe(file.path())) {
            unsafe.add(file.path());
            return;
        }
        if (!file.hasValidHash()) {
            throw new MergeException(
                    Problem.input(
                            where + "/" + file.path(), "the hub lists the file without its hash"));
        }
        files.put(file.path(), file);
    }

    private static Optional<URI> nextPage(HubResponse response) {
        Matcher next = NEXT_PAGE.matcher(response.header("Link").orElse(""));
        return next.find()
                ? HubClient.resolved(response.address(), next.group(1))
                : Optional.empty();
    }

    /// Reads the tree that an earlier run, or the hub's own client, left in the cache.
    static Optional<RepoTree> read(Path file) {
        try {
            JsonNode json = JsonTree.read(file, LONGEST_FILE, file.toString());
            if (json.path("format_version").asInt(0) != FORMAT_VERSION) {
                return Optional.empty();
            }
            RepoTree tree = new RepoTree(new TreeMap<>(), new ArrayList<>());
            for (Map.Entry<String, JsonNode> e : json.path("files").properties()) {
                JsonNode info = e.getValue();
                tree.add(
                        file.toString(),
                        new RepoFile(
                                e.getKey(),
                                info.path("lfs_size").asLong(info.path("size").asLong(-1)),
                                info.path("blob_id").asString(""),
                                info.path("lfs_sha256").asString("")));
            }
            return Optional.of(tree);
        } catch (MergeException e) {
            // It can be fetched again.
            return Optional.empty();
        }
    }

    /// The format that [#read] reads.
    String json() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("format_version", FORMAT_VERSION);
        ObjectNode all = root.putObject("files");
        files.forEach((path, file) -> {
            ObjectNode info = all.putObject(path);
            info.put("size", file.size());
            info.put("blob_id", file.blobId());
            if (file.isLfs()) {
                info.put("lfs_sha256", file.sha256());
                info.put("lfs_size", file.size());
            }
        });
        return JsonMapper.shared().writeValueAsString(root);
    }
}
