package jmergekit.schema;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The levels of a recipe that can have a method's parameters.
record MethodLevels(String method) {
    /// @param needsBase whether the method needs a base model
    ObjectNode schema(boolean needsBase) {
        ObjectNode recipe = Json.object();
        ObjectNode properties = recipe.putObject("properties");
        level(properties);
        ObjectNode module = Json.object();
        level(module.putObject("properties"));
        properties.putObject("modules").set("additionalProperties", module);
        properties
                .putObject("input_model_parameters")
                .set("additionalProperties", parameters(MethodSchemas.OF_MODEL));
        if (needsBase) {
            // Slices may have their own base models, and a recipe of adapters needs none.
            ArrayNode either = recipe.putArray("anyOf");
            List.of("base_model", "slices", "modules", "space", "rank")
                    .forEach(key -> either.add(Json.required(List.of(key))));
        }
        return recipe;
    }

    private void level(ObjectNode properties) {
        properties.set("parameters", parameters(MethodSchemas.OF_LEVEL));
        properties.set("models", items(properties(MethodSchemas.OF_MODEL)));
        ObjectNode slice = properties(MethodSchemas.OF_LEVEL);
        ((ObjectNode) slice.get("properties"))
                .set("sources", items(properties(MethodSchemas.OF_MODEL)));
        properties.set("slices", items(slice));
    }

    private ObjectNode properties(String which) {
        ObjectNode schema = Json.object();
        schema.putObject("properties").set("parameters", parameters(which));
        return schema;
    }

    private static ObjectNode items(ObjectNode item) {
        ObjectNode schema = Json.object();
        schema.set("items", item);
        return schema;
    }

    private ObjectNode parameters(String which) {
        return Json.ref(method + "." + which);
    }
}
