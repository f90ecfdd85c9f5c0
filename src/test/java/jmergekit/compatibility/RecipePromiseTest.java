package jmergekit.compatibility;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.config.Section;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.schema.RecipeSchema;
import jmergekit.schema.SchemaKind;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Recipes keep their keys, and merge methods their parameters.
class RecipePromiseTest {
    private static final Set<String> SECTIONS =
            Stream.of(Section.values())
                    .map(s -> s.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());

    private static final String DEFINITION = "#/$defs/";
    private static final String OR = " | ";

    /// Limits of a schema, and how the list has them.
    private static final Map<String, String> LIMITS =
            new TreeMap<>(
                    Map.of(
                            "minimum", ">= ",
                            "maximum", "<= ",
                            "minItems", "items >= ",
                            "maxItems", "items <= ",
                            "minLength", "length >= "));

    private final List<String> lines = new ArrayList<>();

    @Test
    void keysOfRecipesStay() throws IOException {
        for (SchemaKind kind : SchemaKind.values()) {
            JsonNode schema =
                    JsonTree.MAPPER.readTree(RecipeSchema.of(kind, MergeMethods.builtIn()));
            if (schema.has("properties")) {
                add(kind, topLevel(kind), schema);
            }
            schema.get("$defs").properties().stream()
                    .filter(e -> SECTIONS.contains(e.getKey()))
                    .forEach(e -> add(kind, e.getKey(), e.getValue()));
        }

        Promise.check("recipes", lines);
    }

    private static String topLevel(SchemaKind kind) {
        return switch (kind) {
            case MERGE, MULTI, PYTORCH -> "recipe";
            case MOE -> "mixture";
            case EVOLVE -> "evolution";
            case BAKLLAMA -> "layer_slices";
        };
    }

    /// A line for each form that a value may have: a new one is an addition.
    private void add(SchemaKind kind, String section, JsonNode schema) {
        String where = kind.word() + "  " + section;
        Set<String> required = names(schema.path("required"));
        for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
            String key = where + "." + property.getKey();
            forms(property.getValue()).forEach(form -> lines.add(key + ": " + form));
            if (required.contains(property.getKey())) {
                lines.add(key + ": required");
            }
        }
        if (schema.has("oneOf")) {
            Set<String> one = new TreeSet<>();
            schema.get("oneOf").forEach(choice -> one.addAll(names(choice.get("required"))));
            lines.add("%s: needs one of %s".formatted(where, String.join(", ", one)));
        }
        if (schema.has("not")) {
            lines.add(
                    "%s: not together: %s"
                            .formatted(
                                    where,
                                    String.join(", ", names(schema.get("not").get("required")))));
        }
    }

    /// The forms of a value, without descriptions.
    private static Stream<String> forms(JsonNode schema) {
        if (schema.has("anyOf")) {
            return schema.get("anyOf").valueStream().flatMap(RecipePromiseTest::forms).distinct();
        }
        return schema.has("enum")
                ? schema.get("enum").valueStream().map(JsonNode::toString)
                : Stream.of(form(schema));
    }

    private static String text(JsonNode schema) {
        return forms(schema).collect(Collectors.joining(OR));
    }

    private static Set<String> names(JsonNode list) {
        return list.valueStream()
                .map(JsonNode::stringValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String form(JsonNode schema) {
        if (schema.has("$ref")) {
            return schema.get("$ref").stringValue().substring(DEFINITION.length());
        }
        JsonNode type = schema.path("type");
        if (schema.has("items")) {
            return "[%s]%s".formatted(text(schema.get("items")), limits(schema));
        }
        if (schema.path("additionalProperties").isObject()) {
            return "{*: %s}".formatted(text(schema.get("additionalProperties")));
        }
        return scalar(
                        type.isArray() ? names(type) : Set.of(type.asString("any")),
                        schema.path("pattern").asString(""))
                + limits(schema);
    }

    /// Scalars may also be written as text.
    private static String scalar(Set<String> types, String pattern) {
        if (types.equals(Set.of("boolean")) || pattern.startsWith("^([Tt]rue")) {
            return "flag";
        }
        if (pattern.startsWith("^\\s*[-+]?")) {
            return types.contains("integer") ? "whole number" : "number";
        }
        if (pattern.startsWith("^([Tt][Oo][Rr][Cc][Hh]")) {
            return "these in any case, also with 'torch.'";
        }
        if (types.equals(Set.of("number", "string")) && !pattern.isEmpty()) {
            return pattern.equals("\\S") ? "text" : "text like " + pattern;
        }
        return String.join(OR, new TreeSet<>(types))
                + (pattern.isEmpty() ? "" : " like " + pattern);
    }

    private static String limits(JsonNode schema) {
        StringBuilder text = new StringBuilder();
        LIMITS.forEach((limit, sign) -> {
            if (schema.has(limit)) {
                text.append(' ').append(sign).append(schema.get(limit).asString());
            }
        });
        return text.toString();
    }

    @Test
    void parametersOfMergeMethodsStay() throws IOException {
        List<String> lines = new ArrayList<>();
        for (MergeMethod method : MergeMethods.builtIn().all()) {
            MethodInfo info = method.info();
            lines.add(
                    "%s: models %s, base model %s"
                            .formatted(info.name(), info.modelsText(), info.baseText()));
            for (Param param : info.params()) {
                lines.add(
                        "%s.%s: %s, %s, %s%s"
                                .formatted(
                                        info.name(),
                                        param.name(),
                                        param.valuesText(),
                                        param.perModel() ? "per model" : "for all models",
                                        param.required()
                                                ? "required"
                                                : "default " + param.defaultText(),
                                        param.inert() ? ", no effect" : ""));
            }
        }

        Promise.check("methods", lines);
    }
}
