package jmergekit.hub;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks the hub's storage which large files it lacks, and how to upload them (Git LFS, batch API).
record LfsBatch(HubClient client, UploadTarget target) {
    private static final String JSON = "application/vnd.git-lfs+json";

    /// The action for each file that the storage does not have; if files have equal bytes, only for
    /// one of them.
    Map<UploadFile, JsonNode> actions(Map<UploadFile, String> hashes) {
        Map<String, UploadFile> distinct = new LinkedHashMap<>();
        hashes.forEach((file, hash) -> distinct.putIfAbsent(hash, file));
        Map<UploadFile, JsonNode> actions = new LinkedHashMap<>();
        for (List<UploadFile> some : RepoWriter.chunks(List.copyOf(distinct.values()))) {
            Map<String, JsonNode> responses = ask(some, hashes);
            for (UploadFile file : some) {
                JsonNode response = responses.get(hashes.get(file));
                if (response == null || response.has("error")) {
                    throw refused(file, response);
                }
                if (response.path("actions").has("upload")) {
                    actions.put(file, response.path("actions"));
                }
            }
        }
        return actions;
    }

    private Map<String, JsonNode> ask(List<UploadFile> files, Map<UploadFile, String> hashes) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("operation", "upload").put("hash_algo", "sha256");
        body.putArray("transfers").add("basic").add("multipart");
        body.putObject("ref").put("name", target.branch());
        ArrayNode objects = body.putArray("objects");
        files.forEach(f -> objects.addObject().put("oid", hashes.get(f)).put("size", f.size()));
        HubRequest request =
                HubRequest.post(
                                target.id().text(),
                                client.settings()
                                        .address("/" + target.id() + ".git/info/lfs/objects/batch"),
                                body)
                        .with("Content-Type", JSON)
                        .with("Accept", JSON);
        Map<String, JsonNode> responses = new HashMap<>();
        for (JsonNode object : client.json(request).path("objects").values()) {
            responses.put(object.path("oid").asString(""), object);
        }
        return responses;
    }

    private MergeException refused(UploadFile file, @Nullable JsonNode response) {
        Problem problem = Problem.output(target.where(file), "the hub's storage refuses the file");
        String said = response == null ? "" : response.path("error").path("message").asString("");
        return new MergeException(said.isEmpty() ? problem : problem.found(said));
    }
}
