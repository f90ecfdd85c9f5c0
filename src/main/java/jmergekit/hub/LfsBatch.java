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

/// Asks the hub's storage which large files it lacks, and how it wants them (Git LFS, batch API).
record LfsBatch(HubClient client, UploadTarget target) {
    private static final String JSON = "application/vnd.git-lfs+json";

    /// What to do with each file that the storage does not have; of files of the same bytes, one.
    Map<UploadFile, JsonNode> actions(Map<UploadFile, String> hashes) {
        Map<String, UploadFile> distinct = new LinkedHashMap<>();
        hashes.forEach((file, hash) -> distinct.putIfAbsent(hash, file));
        Map<UploadFile, JsonNode> actions = new LinkedHashMap<>();
        for (List<UploadFile> some : RepoWriter.chunks(List.copyOf(distinct.values()))) {
            Map<String, JsonNode> answers = ask(some, hashes);
            for (UploadFile file : some) {
                JsonNode answer = answers.get(hashes.get(file));
                if (answer == null || answer.has("error")) {
                    throw refused(file, answer);
                }
                if (answer.path("actions").has("upload")) {
                    actions.put(file, answer.path("actions"));
                }
            }
        }
        return actions;
    }

    private Map<String, JsonNode> ask(List<UploadFile> files, Map<UploadFile, String> hashes) {
        ObjectNode question = JsonMapper.shared().createObjectNode();
        question.put("operation", "upload").put("hash_algo", "sha256");
        question.putArray("transfers").add("basic").add("multipart");
        question.putObject("ref").put("name", target.branch());
        ArrayNode objects = question.putArray("objects");
        files.forEach(f -> objects.addObject().put("oid", hashes.get(f)).put("size", f.size()));
        HubRequest request =
                HubRequest.post(
                                target.id().text(),
                                client.settings()
                                        .address("/" + target.id() + ".git/info/lfs/objects/batch"),
                                question)
                        .with("Content-Type", JSON)
                        .with("Accept", JSON);
        Map<String, JsonNode> answers = new HashMap<>();
        for (JsonNode object : client.json(request).path("objects").values()) {
            answers.put(object.path("oid").asString(""), object);
        }
        return answers;
    }

    private MergeException refused(UploadFile file, @Nullable JsonNode answer) {
        Problem problem =
                Problem.output(target.where(file), "the hub's storage does not take the file");
        String said = answer == null ? "" : answer.path("error").path("message").asString("");
        return new MergeException(said.isEmpty() ? problem : problem.found(said));
    }
}
