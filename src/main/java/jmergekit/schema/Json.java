package jmergekit.schema;

import java.util.Collection;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The building blocks of schemas. They all have the same meaning in draft 2020-12 and in draft 7,
/// which older editors support.
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonTree.MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return JsonTree.MAPPER.createArrayNode();
    }

    static ObjectNode type(String... types) {
        ObjectNode schema = object();
        if (types.length == 1) {
            return schema.put("type", types[0]);
        }
        ArrayNode all = schema.putArray("type");
        for (String type : types) {
            all.add(type);
        }
        return schema;
    }

    static ObjectNode ref(String definition) {
        return object().put("$ref", "#/$defs/" + definition);
    }

    static ObjectNode words(Collection<String> words) {
        ObjectNode schema = object();
        schema.set("enum", texts(words));
        return schema;
    }

    static ObjectNode matching(String pattern) {
        return type("string").put("pattern", pattern);
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode all = array();
        texts.forEach(all::add);
        return all;
    }

    /// Nested alternatives in `choices` are flattened.
    static ObjectNode anyOf(ObjectNode... choices) {
        ArrayNode all = array();
        for (ObjectNode choice : choices) {
            JsonNode inner = choice.size() == 1 ? choice.get("anyOf") : null;
            if (inner instanceof ArrayNode list) {
                all.addAll(list);
            } else {
                all.add(choice);
            }
        }
        ObjectNode schema = object();
        schema.set("anyOf", all);
        return schema;
    }

    static ObjectNode list(ObjectNode item, int least) {
        ObjectNode schema = type("array");
        schema.set("items", item);
        return least > 0 ? schema.put("minItems", least) : schema;
    }

    /// A list of exactly two items.
    static ObjectNode pair(ObjectNode item) {
        return list(item, 2).put("maxItems", 2);
    }

    static ObjectNode required(Collection<String> keys) {
        ObjectNode schema = object();
        schema.set("required", texts(keys));
        return schema;
    }
}
