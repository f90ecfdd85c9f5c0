package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import jmergekit.model.InputFile;
import jmergekit.tensor.RowTable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tasks of a plan that is being read. They are created one by one while their JSON is parsed:
/// for a large model, the JSON tree would take ten times the memory of the tasks.
final class TaskReader {
    private static final String INNER = "inner_tensors";
    private static final String TENSORS = "tensors";

    /// The keys that tasks refer to.
    private static final Set<String> BEFORE = Set.of("models", "folders", "files", "row_tables");

    private final JsonFields at;
    private final ObjectNode root;
    private final InnerTasks inner;
    private final List<TensorTask> tasks = new ArrayList<>();
    private @Nullable SourceJson inside;
    private @Nullable SourceJson outside;
    private boolean innerDone;
    private boolean done;

    /// @param root receives the keys of the plan that are not tasks
    TaskReader(JsonFields at, ObjectNode root) {
        this.at = at;
        this.root = root;
        this.inner = new InnerTasks(at);
    }

    /// Reads the value of a key of the plan, if it contains tasks and everything they refer to has
    /// been read.
    ///
    /// @param parser at the value's first token
    /// @return whether the value was read
    boolean read(String key, JsonParser parser) {
        at.require(!key.equals(INNER) || !innerDone, "'inner_tensors' appears twice");
        at.require(!key.equals(TENSORS) || !done, "'tensors' appears twice");
        boolean isNext = key.equals(INNER) || key.equals(TENSORS) && innerDone;
        if (!isNext || !parser.hasToken(JsonToken.START_ARRAY) || !isReady()) {
            return false;
        }
        Consumer<JsonNode> reader = reader(key);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            reader.accept(parser.readValueAsTree());
        }
        return true;
    }

    private boolean isReady() {
        return BEFORE.stream().allMatch(root::has);
    }

    private Consumer<JsonNode> reader(String key) {
        open();
        if (key.equals(INNER)) {
            innerDone = true;
            return node -> inner.add(sources(inside).task(node));
        }
        done = true;
        return node -> tasks.add(sources(outside).task(node));
    }

    private void open() {
        if (outside == null) {
            List<InputFile> files = files();
            List<RowTable> tables = new ArrayList<>();
            at.array(root, "row_tables").forEach(t -> tables.add(RowTableJson.read(t, at)));
            // Inner recipes number their models separately from the plan.
            inside = new SourceJson(at, files, tables, inner, Integer.MAX_VALUE);
            int models = at.texts(root, "models").size();
            outside = new SourceJson(at, files, tables, inner, models);
        }
    }

    private List<InputFile> files() {
        List<String> folders = at.texts(root, "folders");
        List<InputFile> files = new ArrayList<>();
        for (JsonNode file : at.array(root, "files")) {
            files.add(
                    new InputFile(
                            at.at(folders, file, "folder"),
                            at.path(file, "name"),
                            at.count(file, "bytes", Long.MAX_VALUE),
                            at.text(file, "header"),
                            file.has("commit") ? at.text(file, "commit") : ""));
        }
        return files;
    }

    private static SourceJson sources(@Nullable SourceJson opened) {
        if (opened == null) {
            throw new IllegalStateException("not opened");
        }
        return opened;
    }

    /// All tasks of the output. Tasks that came before what they refer to are created now.
    List<TensorTask> tasks() {
        if (!innerDone) {
            at.array(root, INNER).forEach(reader(INNER));
        }
        if (!done) {
            at.array(root, TENSORS).forEach(reader(TENSORS));
        }
        return tasks;
    }

    /// The values of a tensor, from text.
    Values values(String text) {
        return sources(outside).values(text);
    }
}
