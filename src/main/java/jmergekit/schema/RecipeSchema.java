package jmergekit.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.config.Key;
import jmergekit.config.RecipeKind;
import jmergekit.config.Section;
import jmergekit.method.MergeMethods;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON schema for a kind of recipe, in draft 2020-12,
/// <https://json-schema.org/draft/2020-12/json-schema-core>.
public final class RecipeSchema {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private final SchemaKind kind;
    private final MethodSchemas parameters;
    private final SectionSchemas sections;

    private RecipeSchema(SchemaKind kind, MergeMethods methods) {
        this.kind = kind;
        Forms forms = new Forms(new Names(methods), kind.hasMarks());
        this.parameters = new MethodSchemas(methods, forms);
        this.sections = new SectionSchemas(forms);
    }

    /// The schema as indented JSON, ending with a line break.
    ///
    /// @param methods the methods that recipes may name
    public static String of(SchemaKind kind, MergeMethods methods) {
        return JsonTree.MAPPER
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(new RecipeSchema(kind, methods).schema())
                + "\n";
    }

    private ObjectNode schema() {
        ObjectNode schema = Json.object().put("$schema", DRAFT).put("title", kind.title());
        switch (kind) {
            case EVOLVE -> schema.setAll(search());
            case MULTI -> {
                ArrayNode telling = Json.array();
                RecipeKind.keysOfMixtures()
                        .forEach(key -> telling.add(Json.required(List.of(key))));
                schema.putObject("if").set("anyOf", telling);
                schema.set("then", Json.ref(Forms.definition(Section.MIXTURE)));
                schema.set("else", Json.ref(Forms.definition(Section.RECIPE)));
            }
            case MERGE, PYTORCH -> schema.setAll(merge());
            case MOE, BAKLLAMA -> schema.setAll(sections.of(kind.section(), Set.of()));
        }
        schema.set("$defs", Definitions.usedBy(schema, definitions()));
        return schema;
    }

    private ObjectNode merge() {
        ObjectNode recipe = sections.of(Section.RECIPE, kind.without());
        recipe.set("allOf", parameters.conditions());
        return recipe;
    }

    private ObjectNode search() {
        ObjectNode schema = sections.of(Section.EVOLUTION, Set.of());
        List<Key> ofRecipe =
                Section.RECIPE.known().stream()
                        .filter(k -> !schema.get("properties").has(k.name()))
                        .toList();
        ((ObjectNode) schema.get("properties")).setAll(sections.properties(ofRecipe));
        ArrayNode all = parameters.conditions();
        List<String> names = ofRecipe.stream().map(Key::name).toList();
        // The search space is one of these, or a recipe.
        ArrayNode whole = Json.array();
        for (String subject : Section.EVOLUTION.choices().getFirst().keys()) {
            whole.add(Json.required(List.of(subject)));
        }
        ObjectNode condition = all.addObject();
        condition.putObject("if").set("anyOf", whole);
        ObjectNode refused = condition.putObject("then").putObject("properties");
        names.forEach(name -> refused.put(name, false));
        ObjectNode recipe = sections.of(Section.RECIPE, Set.of());
        ObjectNode needs = condition.putObject("else");
        needs.set("required", recipe.get("required"));
        needs.set("oneOf", recipe.get("oneOf"));
        schema.set("allOf", all);
        return schema;
    }

    private Map<String, ObjectNode> definitions() {
        ObjectNode all = Json.object();
        for (Section section : Section.values()) {
            all.set(
                    Forms.definition(section),
                    section == Section.RECIPE ? merge() : sections.of(section, Set.of()));
        }
        parameters.define(all);
        return Definitions.byName(all);
    }
}
