package jmergekit.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.method.Value;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Parameter values as a JSON object, sorted by name. A number that JSON cannot represent is an
/// object, `{"number":"NaN"}`, to distinguish it from a string.
final class ParameterJson {
    private static final String NUMBER = "number";

    private ParameterJson() {}

    static void write(Map<String, Value> values, JsonGenerator json) {
        json.writeStartObject();
        new TreeMap<>(values)
                .forEach((name, value) -> {
                    json.writeName(name);
                    write(value, json);
                });
        json.writeEndObject();
    }

    private static void write(Value value, JsonGenerator json) {
        switch (value) {
            case Value.Number(double number) when Double.isFinite(number) ->
                    json.writeNumber(number);
            case Value.Number(double number) -> {
                json.writeStartObject();
                json.writeStringProperty(NUMBER, Double.toString(number));
                json.writeEndObject();
            }
            case Value.Word(String word) -> json.writeString(word);
            case Value.Items(List<Value> items) -> {
                json.writeStartArray();
                items.forEach(i -> write(i, json));
                json.writeEndArray();
            }
        }
    }

    static Map<String, Value> read(JsonNode object, JsonFields at) {
        Map<String, Value> values = new HashMap<>();
        object.properties().forEach(e -> values.put(e.getKey(), value(e.getValue(), at)));
        return values;
    }

    private static Value value(JsonNode node, JsonFields at) {
        if (node.isString()) {
            return Value.of(node.stringValue());
        }
        if (node.isArray()) {
            List<Value> items = new ArrayList<>();
            for (JsonNode item : node) {
                at.require(!item.isArray(), "a nested list");
                items.add(value(item, at));
            }
            return new Value.Items(items);
        }
        return Value.of(at.number(node.isObject() ? node.path(NUMBER) : node));
    }
}
