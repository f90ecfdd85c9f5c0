package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import tools.jackson.databind.JsonNode;

/// Reads fields of a plan's JSON. Invalid content ends reading with a [MergeException].
///
/// @param where the file's name in messages
record JsonFields(String where) {
    MergeException wrong(String what) {
        return new MergeException(
                Problem.input(where, "not a usable plan: " + what)
                        .hint("make the plan again with 'mergekit plan'"));
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw wrong(otherwise);
        }
    }

    JsonNode object(JsonNode node, String name) {
        JsonNode field = node.path(name);
        require(field.isObject(), "'" + name + "' is not an object");
        return field;
    }

    JsonNode array(JsonNode node, String name) {
        JsonNode field = node.path(name);
        require(field.isArray(), "'" + name + "' is not a list");
        return field;
    }

    String text(JsonNode node, String name) {
        return textOf(node.path(name), "'" + name + "'");
    }

    private String textOf(JsonNode field, String what) {
        require(field.isString(), what + " is not a string");
        return field.stringValue();
    }

    List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        array(node, name).forEach(t -> texts.add(textOf(t, "an entry of '" + name + "'")));
        return texts;
    }

    /// An integer from 0 to `most`.
    long count(JsonNode node, String name, long most) {
        return whole(node.path(name), 0, most);
    }

    long whole(JsonNode field, long least, long most) {
        require(field.isIntegralNumber() && field.canConvertToLong(), field + " is not an integer");
        long value = field.longValue();
        require(value >= least && value <= most, value + " is out of range");
        return value;
    }

    double number(JsonNode node, String name) {
        return number(node.path(name));
    }

    /// Numbers that JSON cannot represent are strings: `NaN`, `Infinity`.
    double number(JsonNode field) {
        if (field.isString()) {
            switch (field.stringValue()) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> throw wrong(field + " is not a number");
            }
        }
        require(field.isNumber(), field + " is not a number");
        return field.asDouble();
    }

    boolean flag(JsonNode node, String name) {
        require(node.path(name).isBoolean(), "'" + name + "' is not true or false");
        return node.path(name).booleanValue();
    }

    DType dtype(JsonNode node) {
        return dtype(node, "dtype");
    }

    DType dtype(JsonNode node, String key) {
        String name = text(node, key);
        Optional<DType> dtype = DType.ofSafetensors(name);
        return dtype.orElseThrow(() -> wrong("unknown dtype " + name));
    }

    List<Long> numbers(JsonNode node, String name) {
        List<Long> numbers = new ArrayList<>();
        array(node, name).forEach(n -> numbers.add(whole(n, 0, Long.MAX_VALUE)));
        return numbers;
    }

    Shape shape(JsonNode node) {
        try {
            return new Shape(numbers(node, "shape"));
        } catch (ArithmeticException e) {
            throw wrong("a shape with too many elements");
        }
    }

    <T> T at(List<T> list, JsonNode node, String name) {
        return list.get((int) count(node, name, list.size() - 1L));
    }

    /// A path inside a folder, with forward slashes.
    String path(JsonNode node, String name) {
        String path = text(node, name);
        boolean plain = !path.isEmpty() && !path.startsWith("/") && path.indexOf('\\') < 0;
        for (String part : path.split("/", -1)) {
            plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
            plain &= part.indexOf(':') < 0 && part.indexOf(0) < 0;
        }
        require(plain, "'" + path + "' is not a path inside a folder");
        return path;
    }
}
