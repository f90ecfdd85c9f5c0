package jmergekit.schema;

import java.util.List;
import java.util.Set;
import jmergekit.config.Choice;
import jmergekit.config.Key;
import jmergekit.config.Section;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for mappings with known keys. Other keys are refused, as with `--strict`.
record SectionSchemas(Forms forms) {
    /// Top-level keys for values to reuse.
    private static final String FOR_REUSE = "^x-";

    ObjectNode of(Section section, Set<String> without) {
        return of(
                section,
                section.known().stream().filter(k -> !without.contains(k.name())).toList());
    }

    private ObjectNode of(Section section, List<Key> keys) {
        ObjectNode schema = Json.type("object");
        schema.set("properties", properties(keys));
        if (section.isTopLevel()) {
            schema.putObject("patternProperties").set(FOR_REUSE, Json.object());
        }
        schema.put("additionalProperties", false);
        List<String> required = keys.stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) {
            schema.set("required", Json.texts(required));
        }
        List<String> there = keys.stream().map(Key::name).toList();
        section.choices().forEach(choice -> choose(schema, choice, there));
        return schema;
    }

    /// The keys with the schemas of their values.
    ObjectNode properties(List<Key> keys) {
        ObjectNode properties = Json.object();
        keys.forEach(key -> properties.set(key.name(), property(key)));
        return properties;
    }

    private ObjectNode property(Key key) {
        ObjectNode value = forms.of(key.form());
        ObjectNode schema = Json.object().put("description", key.summary());
        // Null is equivalent to no value.
        schema.setAll(key.required() ? value : Json.anyOf(value, Json.type("null")));
        return schema;
    }

    private static void choose(ObjectNode schema, Choice choice, List<String> there) {
        List<String> keys = choice.keys().stream().filter(there::contains).toList();
        if (!choice.needed()) {
            if (keys.size() > 1) {
                schema.set("not", Json.required(keys));
            }
            return;
        }
        ArrayNode one = schema.putArray("oneOf");
        keys.forEach(key -> one.add(Json.required(List.of(key))));
    }
}
