package jmergekit.plan;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Plans as JSON. Writing a plan that was read gives the same bytes, and reading a plan that was
/// written gives an equal plan.
public final class PlanJson {
    static final String FORMAT = "jmergekit-plan";
    static final int VERSION = 1;
    static final String WEIGHT_FORMAT = "weight_format";

    /// Vocabularies are included as text.
    private static final int LONGEST_TEXT = 1 << 30;

    private static final int DEEPEST = 1000;
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxStringLength(LONGEST_TEXT)
                                                    .build())
                                    .build())
                    .build();

    private final JsonFields at;
    private final ObjectNode root = MAPPER.createObjectNode();
    private final TaskReader reader;

    private PlanJson(String where) {
        this.at = new JsonFields(where);
        this.reader = new TaskReader(at, root);
    }

    /// Writes the canonical form.
    public static void write(Plan plan, OutputStream out) {
        new PlanWriter(plan, false).write(out);
    }

    /// Writes the canonical form as text.
    public static void write(Plan plan, Writer out) {
        new PlanWriter(plan, false).write(out);
    }

    /// Reads a plan.
    ///
    /// @param where the file's name in messages
    /// @throws MergeException if it is not a plan, or does not match its hash
    public static Plan read(byte[] json, String where) {
        return read(new ByteArrayInputStream(json), where);
    }

    /// Reads a plan from a stream, which is not closed.
    public static Plan read(InputStream json, String where) {
        PlanJson read = new PlanJson(where);
        Plan plan = read.plan(json);
        read.at.require(
                plan.hash().equals(read.at.text(read.root, "hash")),
                "it was changed and no longer matches its hash");
        return plan;
    }

    /// Reads a plan without checking its hash.
    static Plan unverified(byte[] json, String where) {
        return new PlanJson(where).plan(new ByteArrayInputStream(json));
    }

    private Plan plan(InputStream json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            parse(parser);
            return plan();
        } catch (JacksonException e) {
            throw new MergeException(Problem.input(at.where(), StrictJson.reason(e)), e);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw at.wrong(String.valueOf(e.getMessage()));
        }
    }

    private void parse(JsonParser parser) {
        at.require(parser.nextToken() == JsonToken.START_OBJECT, "it is not an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            // Tasks may already have been read using the first of the two.
            at.require(!root.has(key), "'" + key + "' appears twice");
            parser.nextToken();
            if (!reader.read(key, parser)) {
                root.set(key, parser.<JsonNode>readValueAsTree());
            }
            if (root.has("format") && root.has("version")) {
                checkFormat();
            }
        }
        at.require(parser.nextToken() == null, "there is content after its end");
    }

    private void checkFormat() {
        at.require(
                root.path("format").isString() && at.text(root, "format").equals(FORMAT),
                "its format is not '" + FORMAT + "'");
        long version = at.count(root, "version", Integer.MAX_VALUE);
        at.require(
                version == VERSION,
                "it has version %d; this program reads version %d".formatted(version, VERSION));
    }

    private Plan plan() {
        checkFormat();
        List<String> models = at.texts(root, "models");
        List<String> folders = at.texts(root, "folders");
        List<TensorTask> tasks = reader.tasks();
        List<PlannedFile> output = outputFiles("files_of_output", folders);
        Map<String, Values> computed = new HashMap<>();
        at.object(root, "computed")
                .properties()
                .forEach(e ->
                        computed.put(
                                e.getKey(),
                                reader.values(at.text(root.path("computed"), e.getKey()))));
        checkComputed(tasks, computed);
        return new Plan(
                models,
                tasks,
                shards(tasks),
                output,
                cards(folders),
                root.has("vocabulary_rows")
                        ? OptionalLong.of(at.count(root, "vocabulary_rows", Long.MAX_VALUE))
                        : OptionalLong.empty(),
                computed,
                listing());
    }

    private void checkComputed(List<TensorTask> tasks, Map<String, Values> computed) {
        tasks.stream()
                .flatMap(TensorTask::all)
                .forEach(s -> {
                    if (s instanceof Source.Computed c && computed.containsKey(c.spec().name())) {
                        at.require(
                                computed.get(c.spec().name()).count() == c.shape().elements(),
                                "values of a different shape");
                    }
                });
    }

    private ShardFormat weightFormat() {
        if (!root.has(WEIGHT_FORMAT)) {
            return ShardFormat.SAFETENSORS;
        }
        String id = at.text(root, WEIGHT_FORMAT);
        return ShardFormat.of(id)
                .orElseThrow(() -> at.wrong("its weights have an unknown format, '" + id + "'"));
    }

    private ShardLayout shards(List<TensorTask> tasks) {
        ShardFormat format = weightFormat();
        Map<String, TensorSpec> byName = new HashMap<>();
        tasks.forEach(t -> byName.put(t.output().name(), t.output()));
        at.require(byName.size() == tasks.size(), "two tensors with the same name");
        Map<String, List<TensorSpec>> shards = new LinkedHashMap<>();
        Set<String> placed = new HashSet<>();
        for (JsonNode shard : at.array(root, "shards")) {
            List<TensorSpec> specs = new ArrayList<>();
            for (String tensor : at.texts(shard, "tensors")) {
                at.require(
                        byName.containsKey(tensor) && placed.add(tensor),
                        "tensor '" + tensor + "' is not in exactly one shard");
                specs.add(byName.get(tensor));
            }
            String name = at.path(shard, "name");
            at.require(
                    name.indexOf('/') < 0 && shards.put(name, specs) == null,
                    "two shards have the name '" + name + "'");
            at.require(
                    name.endsWith(format.format().suffix()),
                    "shard '%s' is not a %s file".formatted(name, format.id()));
        }
        at.require(placed.size() == byName.size(), "tensors that are in no shard");
        try {
            return ShardLayout.of(format, shards).withMetadata(metadata());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw at.wrong(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (root.has("metadata")) {
            JsonNode values = at.object(root, "metadata");
            values.properties().forEach(e -> metadata.put(e.getKey(), at.text(values, e.getKey())));
        }
        return metadata;
    }

    private List<PlannedFile> outputFiles(String field, List<String> folders) {
        List<PlannedFile> files = new ArrayList<>();
        for (JsonNode file : at.array(root, field)) {
            String name = at.path(file, "name");
            files.add(
                    file.has("text")
                            ? new PlannedFile.Text(name, at.text(file, "text"))
                            : new PlannedFile.Copy(
                                    name,
                                    at.at(folders, file, "folder"),
                                    at.path(file, "path"),
                                    at.count(file, "bytes", Long.MAX_VALUE)));
        }
        return files;
    }

    private List<PlannedFile.Text> cards(List<String> folders) {
        return outputFiles("cards", folders).stream()
                .map(f -> {
                    at.require(f instanceof PlannedFile.Text, "a card without text");
                    return (PlannedFile.Text) f;
                })
                .toList();
    }

    private Plan.Listing listing() {
        JsonNode listing = at.object(root, "listing");
        return new Plan.Listing(
                at.texts(listing, "head"),
                at.texts(listing, "settings"),
                at.texts(listing, "details"));
    }
}
