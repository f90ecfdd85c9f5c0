package jmergekit.history;

import java.util.Locale;
import jmergekit.output.PlanNote;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a model was made, as JSON. The fields are in `docs/reference/cli.md`.
public final class LineageJson {
    private LineageJson() {}

    /// The model as an object; parents are nested objects of the same kind.
    public static String of(Lineage model) {
        ObjectNode root = JsonTree.MAPPER.createObjectNode();
        root.put("format", "jmergekit-lineage");
        root.put("version", 1);
        add(model, root);
        return JsonTree.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void add(Lineage model, ObjectNode into) {
        into.put("model", model.name());
        if (!model.role().isEmpty()) {
            into.put("role", model.role());
        }
        into.put("place", model.place().name().toLowerCase(Locale.ROOT));
        model.origin().ifPresent(o -> add(o, into));
        ArrayNode parents = into.putArray("parents");
        model.parents().forEach(p -> add(p, parents.addObject()));
    }

    private static void add(Origin origin, ObjectNode into) {
        into.put("made_by", origin.kind().name().toLowerCase(Locale.ROOT));
        origin.method().ifPresent(m -> into.put("merge_method", m));
        origin.note().ifPresent(n -> add(n, into));
        origin.recipe().ifPresent(r -> into.put("recipe", r));
    }

    private static void add(PlanNote note, ObjectNode into) {
        into.put("plan", note.plan());
        note.program().ifPresent(p -> into.put("program", p));
        note.settings().ifPresent(s -> into.set("settings", s.json()));
        if (!note.plugins().isEmpty()) {
            note.plugins().forEach(into.putObject("plugins")::put);
        }
    }
}
