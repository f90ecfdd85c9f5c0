package jmergekit.schema;

import jmergekit.config.ScalarRules;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for scalars. Editors read YAML 1.2, where `yes` is text, and quoted numbers are always
/// text, so patterns describe the text that recipes may use for them.
final class Scalars {
    private Scalars() {}

    /// Text that an editor would read as a boolean needs quotes; otherwise the editor would offer
    /// true and false.
    static ObjectNode text(String pattern) {
        ObjectNode schema = Json.type("string", "number");
        return pattern.isEmpty() ? schema : schema.put("pattern", pattern);
    }

    static ObjectNode flag() {
        return Json.anyOf(Json.type("boolean"), Json.matching(ScalarRules.FLAG_PATTERN));
    }

    /// @param least infinite if there is no limit, like `most`
    static ObjectNode number(double least, double most) {
        return limited(Json.type("number", "string"), least, most)
                .put("pattern", ScalarRules.NUMBER_PATTERN);
    }

    static ObjectNode count(int least, int most) {
        double limit = most == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : most;
        return limited(Json.type("integer", "string"), least, limit)
                .put("pattern", ScalarRules.NUMBER_PATTERN);
    }

    private static ObjectNode limited(ObjectNode schema, double least, double most) {
        put(schema, "minimum", least);
        put(schema, "maximum", most);
        return schema;
    }

    private static void put(ObjectNode schema, String key, double limit) {
        if (limit == Math.rint(limit) && Math.abs(limit) < 1e9) {
            schema.put(key, (long) limit);
        } else if (Double.isFinite(limit)) {
            schema.put(key, limit);
        }
    }
}
