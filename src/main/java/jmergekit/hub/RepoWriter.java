package jmergekit.hub;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.shards.ShardFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The calls of the hub's API that write to a repository.
record RepoWriter(HubClient client, UploadTarget target, TransferProgress progress) {
    private static final int FILES_PER_REQUEST = 100;
    private static final int CONFLICT = 409;
    private static final Set<Integer> NOT_ALLOWED = Set.of(401, 402, 403);

    /// The most bytes of files that are sent in the commit itself, from memory.
    private static final long MOST_PLAIN_BYTES = 50_000_000;

    private String where() {
        return target.id().text();
    }

    private URI address(String path) {
        return client.settings().address(path);
    }

    /// Creates the repository; false if it already exists.
    boolean create() {
        int slash = where().indexOf('/');
        ObjectNode wanted = JsonMapper.shared().createObjectNode();
        wanted.put("type", "model");
        wanted.put("organization", where().substring(0, slash));
        wanted.put("name", where().substring(slash + 1));
        wanted.put("private", target.isPrivate());
        boolean isNew =
                client.send(
                        HubRequest.post(where(), address("/api/repos/create"), wanted),
                        response -> {
                            int status = response.status();
                            if (status == CONFLICT || NOT_ALLOWED.contains(status) && exists()) {
                                return false;
                            }
                            response.orRefuse(client.hasToken());
                            return true;
                        });
        if (!isNew && target.isPrivate()) {
            progress.note(where() + " already exists; its visibility is not changed");
        }
        return isNew;
    }

    // A token may have permission to write to a repository, but not to create one.
    private boolean exists() {
        return client.send(
                HubRequest.get(where(), address("/api/models/" + where())), HubResponse::isSuccess);
    }

    /// Creates the branch if it does not exist.
    void createBranch() {
        HubRequest request =
                HubRequest.post(
                        where(),
                        address(target.path("branch")),
                        JsonMapper.shared().createObjectNode());
        client.send(
                request,
                response ->
                        response.status() == CONFLICT
                                || response.orRefuse(client.hasToken()).isSuccess());
    }

    /// Asks the hub which files go to its storage (true) and which into the repository itself
    /// (false); ignored files are omitted.
    Map<UploadFile, Boolean> areLarge(List<UploadFile> files) {
        Map<UploadFile, Boolean> large = new HashMap<>();
        for (List<UploadFile> some : chunks(files)) {
            Map<String, JsonNode> responses = new HashMap<>();
            for (JsonNode response : preupload(some).path("files").values()) {
                responses.put(response.path("path").asString(""), response);
            }
            for (UploadFile file : some) {
                JsonNode response = responses.get(file.path());
                if (response == null) {
                    throw new MergeException(
                            Problem.output(
                                    target.where(file), "the hub does not say how to upload it"));
                }
                if (response.path("shouldIgnore").asBoolean(false)) {
                    progress.note(target.where(file) + ": skipped, because of its .gitignore");
                } else {
                    // The storage does not accept empty files.
                    boolean lfs = response.path("uploadMode").asString("").equals("lfs");
                    large.put(file, lfs && file.size() > 0);
                }
            }
        }
        return large;
    }

    private JsonNode preupload(List<UploadFile> files) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode asked = body.putArray("files");
        for (UploadFile file : files) {
            asked.addObject()
                    .put("path", file.path())
                    .put("size", file.size())
                    .put("sample", Base64.getEncoder().encodeToString(file.sample()));
        }
        return client.json(HubRequest.post(where(), address(target.path("preupload")), body));
    }

    static List<List<UploadFile>> chunks(List<UploadFile> files) {
        List<List<UploadFile>> chunks = new ArrayList<>();
        for (int i = 0; i < files.size(); i += FILES_PER_REQUEST) {
            chunks.add(files.subList(i, Math.min(files.size(), i + FILES_PER_REQUEST)));
        }
        return chunks;
    }

    /// The weights of an earlier model, in any format, that none of `files` replaces: a loader
    /// would mix them up with the new weights, or load them instead.
    List<String> staleWeights(List<UploadFile> files) {
        Set<String> kept = files.stream().map(UploadFile::path).collect(Collectors.toSet());
        if (kept.stream().noneMatch(ShardFormat::isOfModel)) {
            return List.of();
        }
        JsonNode info = client.json(HubRequest.get(where(), address(target.path("revision"))));
        List<String> stale = new ArrayList<>();
        for (JsonNode sibling : info.path("siblings").values()) {
            String path = sibling.path("rfilename").asString("");
            if (ShardFormat.isOfModel(path) && !kept.contains(path)) {
                stale.add(path);
            }
        }
        if (!stale.isEmpty()) {
            progress.note("removing the weights of an earlier model: " + String.join(", ", stale));
        }
        return stale;
    }

    /// Makes one commit of everything, and returns its page.
    ///
    /// @param large files in the storage, with their hashes
    String commit(List<UploadFile> plain, Map<UploadFile, String> large, List<String> removed) {
        long bytes = plain.stream().mapToLong(UploadFile::size).sum();
        if (bytes > MOST_PLAIN_BYTES) {
            throw new MergeException(
                    Problem.output(where(), "too many bytes outside the hub's storage")
                            .expected("at most " + ByteSize.text(MOST_PLAIN_BYTES))
                            .found(ByteSize.text(bytes))
                            .hint("name the large files in the repository's .gitattributes"));
        }
        CommitBody body = new CommitBody(target.message());
        plain.forEach(body::add);
        large.forEach(body::addLarge);
        removed.forEach(body::remove);
        JsonNode done =
                client.json(
                        HubRequest.post(
                                where(),
                                address(target.path("commit")),
                                "application/x-ndjson",
                                body.bytes()));
        String page = client.settings().endpoint() + "/" + where();
        return done.path("commitUrl").asString(page);
    }

    /// JSON lines, one for each change.
    private record CommitBody(ByteArrayOutputStream lines) {
        CommitBody(String message) {
            this(new ByteArrayOutputStream());
            line("header", value().put("summary", message).put("description", ""));
        }

        private static ObjectNode value() {
            return JsonMapper.shared().createObjectNode();
        }

        private void line(String key, ObjectNode value) {
            ObjectNode line = value().put("key", key);
            line.set("value", value);
            lines.writeBytes(JsonMapper.shared().writeValueAsBytes(line));
            lines.write('\n');
        }

        void add(UploadFile file) {
            String content = Base64.getEncoder().encodeToString(file.content());
            line(
                    "file",
                    value().put("path", file.path())
                            .put("encoding", "base64")
                            .put("content", content));
        }

        void addLarge(UploadFile file, String sha256) {
            line(
                    "lfsFile",
                    value().put("path", file.path())
                            .put("algo", "sha256")
                            .put("oid", sha256)
                            .put("size", file.size()));
        }

        void remove(String path) {
            line("deletedFile", value().put("path", path));
        }

        byte[] bytes() {
            return lines.toByteArray();
        }
    }
}
