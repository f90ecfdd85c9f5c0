package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import tools.jackson.databind.JsonNode;

/// Reads fields of a plan's JSON. What is not as it must be ends the reading with a
/// [MergeException].
///
/// @param where how messages call the file
record JsonFields(String where) {
    MergeException wrong(String what) {
        return new MergeException(
                Problem.input(where, "not a plan that can be used: " + what)
                        .hint("make the plan anew with 'mergekit plan'"));
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw wrong(otherwise);
        }
    }

    JsonNode object(JsonNode node, String name) {
        JsonNode field = node.path(name);
        require(field.isObject(), "'" + name + "' is no object");
        return field;
    }

    JsonNode array(JsonNode node, String name) {
        JsonNode field = node.path(name);
        require(field.isArray(), "'" + name + "' is no list");
        return field;
    }

    String text(JsonNode node, String name) {
        return textOf(node.path(name), "'" + name + "'");
    }

    private String textOf(JsonNode field, String what) {
        require(field.isString(), what + " is no text");
        return field.stringValue();
    }

    List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        array(node, name).forEach(t -> texts.add(textOf(t, "an entry of '" + name + "'")));
        return texts;
    }

    /// A whole number from 0 to `most`.
    long count(JsonNode node, String name, long most) {
        return whole(node.path(name), 0, most);
    }

    long whole(JsonNode field, long least, long most) {
        require(
                field.isIntegralNumber() && field.canConvertToLong(),
                field + " is no whole number");
        long value = field.longValue();
        require(value >= least && value <= most, value + " is out of range");
        return value;
    }

    double number(JsonNode node, String name) {
        return number(node.path(name));
    }

    /// Numbers that JSON has no sign for are texts: `NaN`, `Infinity`.
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
                default -> throw wrong(field + " is no number");
            }
        }
        require(field.isNumber(), field + " is no number");
        return field.asDouble();
    }

    boolean flag(JsonNode node, String name) {
        require(node.path(name).isBoolean(), "'" + name + "' is neither true nor false");
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
            throw wrong("a shape with more elements than can be counted");
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
        require(plain, "'" + path + "' is no path inside a folder");
        return path;
    }
}
