package jmergekit.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.method.MergeMethods;
import jmergekit.weights.JsonTree;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an editor makes of a recipe: YAML 1.2 with merge keys, checked against a schema by a validator
/// that is not ours.
public final class Editor {
    private final Schema schema;

    public Editor(SchemaKind kind) {
        this(RecipeSchema.of(kind, MergeMethods.builtIn()));
    }

    Editor(String schema) {
        this.schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonTree.MAPPER.readTree(schema));
    }

    /// What is wrong, of all documents.
    public List<String> problems(String yaml) {
        List<String> problems = new ArrayList<>();
        for (JsonNode document : documents(yaml)) {
            schema.validate(document).stream().map(Error::toString).forEach(problems::add);
        }
        return problems;
    }

    static List<JsonNode> documents(String yaml) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setMaxAliasesForCollections(1000)
                        .build();
        List<JsonNode> documents = new ArrayList<>();
        new Load(settings)
                .loadAllFromString(yaml)
                .forEach(d -> documents.add(JsonTree.MAPPER.valueToTree(merged(d))));
        return documents;
    }

    private static Object merged(Object value) {
        return switch (value) {
            case null -> JsonTree.MAPPER.nullNode();
            case List<?> list -> {
                ArrayNode array = JsonTree.MAPPER.createArrayNode();
                list.forEach(item -> array.addPOJO(merged(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = JsonTree.MAPPER.createObjectNode();
                if (map.get("<<") instanceof List<?> several) {
                    several.reversed().forEach(m -> put((Map<?, ?>) m, object));
                } else if (map.get("<<") instanceof Map<?, ?> one) {
                    put(one, object);
                }
                put(map, object);
                object.remove("<<");
                yield object;
            }
            default -> value;
        };
    }

    private static void put(Map<?, ?> map, ObjectNode object) {
        map.forEach((key, value) -> object.putPOJO(String.valueOf(key), merged(value)));
    }
}
