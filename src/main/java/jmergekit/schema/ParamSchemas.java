package jmergekit.schema;

import java.util.ArrayList;
import java.util.List;
import jmergekit.config.Key;
import jmergekit.config.Section;
import jmergekit.method.Param;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for parameter values: scalars, gradients and conditional values.
record ParamSchemas(Forms forms) {
    /// @param name the name of the definition of one of its cases
    ObjectNode of(Param param, String name) {
        List<ObjectNode> forms = new ArrayList<>(values(param));
        forms.add(Json.list(Json.ref(name), 1));
        forms.add(Json.ref(name));
        ObjectNode schema = Json.object().put("description", description(param));
        return schema.setAll(Json.anyOf(forms.toArray(ObjectNode[]::new)));
    }

    private static String description(Param param) {
        String rest = param.required() ? "Required" : "Default: " + param.defaultText();
        return "%s. Values: %s. %s.".formatted(capital(param.summary()), param.valuesText(), rest);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// A value with a condition.
    ObjectNode ofCase(Param param) {
        ObjectNode clause = Json.type("object");
        ObjectNode properties = clause.putObject("properties");
        for (Key key : Section.CLAUSE.known()) {
            ObjectNode value =
                    key.required()
                            ? Json.anyOf(values(param).toArray(ObjectNode[]::new))
                            : Json.anyOf(forms.of(key.form()), Json.type("null"));
            properties.set(
                    key.name(), Json.object().put("description", key.summary()).setAll(value));
        }
        clause.put("additionalProperties", false);
        clause.set(
                "required",
                Json.texts(
                        Section.CLAUSE.known().stream()
                                .filter(Key::required)
                                .map(Key::name)
                                .toList()));
        return clause;
    }

    /// The values allowed for the parameter without a condition.
    private List<ObjectNode> values(Param param) {
        ObjectNode one = searched(one(param));
        return switch (param.kind()) {
            case NUMBER, FLAG -> List.of(one, Json.list(one, 1));
            case WORD -> List.of(one);
            case NUMBERS, WORDS -> List.of(searched(Json.list(one, 0)));
        };
    }

    private ObjectNode one(Param param) {
        return switch (param.kind()) {
            case NUMBER, NUMBERS -> Scalars.number(param.least(), param.most());
            case FLAG -> Json.anyOf(Scalars.flag(), Scalars.number(param.least(), param.most()));
            case WORD, WORDS ->
                    param.words().isEmpty() ? Scalars.text("\\S") : Json.words(param.words());
        };
    }

    private ObjectNode searched(ObjectNode value) {
        return forms.searched(value);
    }
}
