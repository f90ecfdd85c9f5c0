package jmergekit.schema;

import java.util.Locale;
import jmergekit.config.Form;
import jmergekit.config.Section;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for the value of a key.
///
/// @param marks whether search marks are allowed instead of values
record Forms(Names names, boolean marks) {
    ObjectNode of(Form form) {
        ObjectNode plain = plain(form);
        return mayBeSearched(form) ? searched(plain) : plain;
    }

    /// A value, or a search mark if they are allowed.
    ObjectNode searched(ObjectNode value) {
        return marks ? Json.anyOf(value, Json.ref(definition(Section.MARK))) : value;
    }

    // Composite values are searched in their parts.
    private static boolean mayBeSearched(Form form) {
        return switch (form) {
            case Form.In _, Form.MapOf _, Form.Parameters _, Form.Nothing _ -> false;
            case Form.AnyOf any -> any.forms().stream().anyMatch(Forms::mayBeSearched);
            default -> true;
        };
    }

    private ObjectNode plain(Form form) {
        return switch (form) {
            case Form.Text(String pattern) -> Scalars.text(pattern);
            case Form.Words(var words) -> Json.words(words);
            case Form.Named(var what) -> names.of(what);
            case Form.Flag _ -> Scalars.flag();
            case Form.Number(double least) -> Scalars.number(least, Double.POSITIVE_INFINITY);
            case Form.Count(int least, int most) -> Scalars.count(least, most);
            case Form.Interval _ -> Json.pair(of(Form.number()));
            case Form.Layers _ -> Json.pair(of(Form.count(0)));
            case Form.Model _ ->
                    Json.anyOf(Scalars.text("\\S"), Json.ref(definition(Section.REFERENCE)));
            case Form.ListOf(Form item, int least) -> Json.list(of(item), least);
            case Form.MapOf(Form value) -> map(of(value));
            case Form.In(Section section) -> Json.ref(definition(section));
            // The method defines which parameters exist.
            case Form.Parameters _ -> Json.type("object");
            case Form.Value _ -> value();
            case Form.Nothing _ -> Json.type("null");
            case Form.AnyOf(var forms) ->
                    Json.anyOf(forms.stream().map(this::plain).toArray(ObjectNode[]::new));
        };
    }

    private ObjectNode value() {
        ObjectNode scalar = Json.type("number", "string", "boolean");
        return Json.anyOf(scalar, Json.list(searched(scalar), 0));
    }

    private static ObjectNode map(ObjectNode value) {
        ObjectNode schema = Json.type("object");
        schema.set("additionalProperties", value);
        return schema;
    }

    /// The name of a section's definition.
    static String definition(Section section) {
        return section.name().toLowerCase(Locale.ROOT);
    }
}
