package jmergekit.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The definitions that a schema refers to, directly or indirectly.
final class Definitions {
    private static final String PREFIX = "#/$defs/";

    private final Map<String, ObjectNode> all;
    private final Map<String, ObjectNode> used = new TreeMap<>();

    private Definitions(Map<String, ObjectNode> all) {
        this.all = all;
    }

    static Map<String, ObjectNode> byName(ObjectNode all) {
        Map<String, ObjectNode> byName = new LinkedHashMap<>();
        all.properties().forEach(e -> byName.put(e.getKey(), (ObjectNode) e.getValue()));
        return byName;
    }

    static ObjectNode usedBy(ObjectNode schema, Map<String, ObjectNode> all) {
        Definitions definitions = new Definitions(all);
        definitions.follow(schema);
        ObjectNode used = Json.object();
        definitions.used.forEach(used::set);
        return used;
    }

    private void follow(JsonNode node) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString()) {
            String name = reference.stringValue().substring(PREFIX.length());
            ObjectNode definition = all.get(name);
            if (definition == null) {
                throw new IllegalStateException("missing definition '" + name + "'");
            }
            if (used.put(name, definition) == null) {
                follow(definition);
            }
        }
        node.forEach(this::follow);
    }
}
