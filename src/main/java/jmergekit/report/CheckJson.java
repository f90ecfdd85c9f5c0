package jmergekit.report;

import java.util.List;
import java.util.Map;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.method.Value;
import jmergekit.problem.Problem;
import jmergekit.weights.JsonTree;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks as JSON: an object with a list of outputs.
public final class CheckJson {
    private CheckJson() {}

    /// The JSON text, one object.
    public static String of(List<Check> checks) {
        ObjectNode root = JsonTree.MAPPER.createObjectNode();
        root.put("format", "jmergekit-check").put("version", 1);
        ArrayNode outputs = root.putArray("outputs");
        checks.forEach(check -> outputs.add(output(check)));
        return root.toPrettyString();
    }

    private static ObjectNode output(Check check) {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("title", check.title()).put("plan", check.plan().hash());
        ArrayNode models = json.putArray("models");
        for (ModelShare model : check.models()) {
            models.addObject()
                    .put("name", model.name())
                    .put("tensors", model.tensors())
                    .put("elements", model.elements())
                    .put("bytes", model.bytes());
        }
        ArrayNode kinds = json.putArray("tensors");
        for (TaskKind kind : TaskKind.of(check.plan())) {
            kinds.addObject()
                    .put("how", kind.how())
                    .put("tensors", kind.tensors())
                    .put("elements", kind.elements())
                    .put("bytes", kind.bytes());
        }
        json.set("parameters", parameters(PlanParameters.of(check.plan())));
        json.set("needs", needs(check.needs()));
        json.put("plan_seconds", check.planSeconds());
        check.seconds().ifPresent(s -> json.put("seconds", s));
        check.time().ifPresent(t -> json.set("time", time(t)));
        ArrayNode preview = json.putArray("interference");
        check.preview().forEach(p -> preview.add(preview(p)));
        ArrayNode unknown = json.putArray("unknown");
        check.unknown().forEach(unknown::add);
        ArrayNode warnings = json.putArray("warnings");
        check.warnings().forEach(w -> warnings.add(warning(w)));
        return json;
    }

    private static ObjectNode needs(Needs needs) {
        ObjectNode json =
                JsonTree.MAPPER
                        .createObjectNode()
                        .put("threads", needs.threads())
                        .put("memory_bytes", needs.memory())
                        .put("heap_bytes", needs.heap())
                        .put("read_bytes", needs.read())
                        .put("disk_bytes", needs.disk())
                        .put("place", needs.place())
                        .put("download_bytes", needs.download())
                        .put("download_files", needs.downloads());
        return needs.free() == Long.MAX_VALUE ? json : json.put("free_bytes", needs.free());
    }

    private static ObjectNode time(TimeEstimate time) {
        return JsonTree.MAPPER
                .createObjectNode()
                .put("tensor_seconds", time.seconds())
                .put("sample_seconds", time.sampleSeconds())
                .put("sample_bytes", time.sampleBytes())
                .put("bytes", time.bytes())
                .put("threads", time.threads())
                .put("writes", time.writes());
    }

    private static ObjectNode warning(Problem problem) {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("where", problem.where()).put("what", problem.what());
        put(json, "expected", problem.expected());
        put(json, "found", problem.found());
        put(json, "hint", problem.hint());
        return json;
    }

    private static void put(ObjectNode json, String key, @Nullable String text) {
        if (text != null) {
            json.put(key, text);
        }
    }

    /// Each parameter with its values over the layers.
    static ArrayNode parameters(List<ParameterValues> all) {
        ArrayNode json = JsonTree.MAPPER.createArrayNode();
        for (ParameterValues values : all) {
            ObjectNode one = json.addObject();
            one.put("method", values.method()).put("name", values.name());
            values.source().ifPresent(s -> one.put("model", s));
            values.constant().ifPresent(v -> one.set("value", value(v)));
            ArrayNode curves = one.putArray("layers");
            for (ParameterValues.Curve curve : values.curves()) {
                ObjectNode entry = curves.addObject().put("module", curve.module());
                ArrayNode parts = entry.putArray("parts");
                curve.parts().forEach(parts::add);
                ObjectNode byLayer = entry.putObject("values");
                curve.byLayer().forEach((layer, v) -> byLayer.set(String.valueOf(layer), value(v)));
            }
            ArrayNode outside = one.putArray("outside");
            for (ParameterValues.Group group : values.outside()) {
                ObjectNode entry = outside.addObject();
                entry.set("value", value(group.value()));
                ArrayNode tensors = entry.putArray("tensors");
                group.tensors().forEach(tensors::add);
            }
        }
        return json;
    }

    private static JsonNode value(Value value) {
        Object plain = value.plain();
        boolean flag = plain.equals("true") || plain.equals("false");
        return JsonTree.MAPPER.valueToTree(flag ? Boolean.valueOf(plain.equals("true")) : plain);
    }

    private static ObjectNode preview(ModelDifference models) {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        ArrayNode names = json.putArray("models");
        models.models().forEach(names::add);
        json.put("has_base", models.hasBase());
        figures(json, models, models.total());
        ArrayNode layers = json.putArray("layers");
        for (String module : Layers.modules(models)) {
            for (Map.Entry<Integer, Sums> e : models.byLayer(module).entrySet()) {
                ObjectNode layer = layers.addObject();
                layer.put("module", module).put("layer", e.getKey());
                figures(layer, models, e.getValue());
            }
        }
        return json;
    }

    private static void figures(ObjectNode json, ModelDifference models, Sums sums) {
        json.put("elements", sums.elements());
        if (models.hasBase()) {
            ArrayNode changes = json.putArray("changes");
            for (int i = 1; i < sums.versions(); i++) {
                ObjectNode change = changes.addObject().put("model", models.models().get(i));
                number(change, "relative_change", sums.relativeChange(i));
                number(change, "unchanged_share", sums.unchangedShare(i));
            }
        }
        ArrayNode pairs = json.putArray("pairs");
        for (Pair pair : Pair.of(models)) {
            ObjectNode entry = pairs.addObject();
            entry.put("first", models.models().get(pair.first()));
            entry.put("second", models.models().get(pair.second()));
            number(entry, "cosine", pair.cosine(sums, models.hasBase()));
            number(entry, "relative_distance", pair.relativeDistance(sums));
            if (models.hasBase()) {
                number(entry, "sign_conflict", sums.signConflict(pair.first(), pair.second()));
            }
        }
    }

    // JSON has no NaN, so undefined values are omitted.
    private static void number(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        }
    }
}
