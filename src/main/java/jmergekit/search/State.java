package jmergekit.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jmergekit.weights.JsonTree;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A searcher's state as a JSON object. Doubles keep their exact bits: values without a JSON
/// number, `NaN`, the infinities and `-0.0`, are strings.
///
/// Input may be damaged: all reading methods throw IllegalArgumentException if the requested value
/// is missing or invalid.
record State(ObjectNode json) {
    static State empty() {
        return new State(JsonTree.MAPPER.createObjectNode());
    }

    static State read(String text) {
        try {
            return of(JsonTree.read(text.getBytes(StandardCharsets.UTF_8)), "it");
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a search state: not JSON", e);
        }
    }

    private static State of(JsonNode node, String name) {
        if (node instanceof ObjectNode object) {
            return new State(object);
        }
        throw fault("'" + name + "' is not an object");
    }

    static IllegalArgumentException fault(String what) {
        return new IllegalArgumentException("not a search state: " + what);
    }

    @Override
    public String toString() {
        return json.toString();
    }

    State put(String name, long value) {
        json.put(name, value);
        return this;
    }

    State put(String name, boolean value) {
        json.put(name, value);
        return this;
    }

    State put(String name, String value) {
        json.put(name, value);
        return this;
    }

    State put(String name, State value) {
        json.set(name, value.json);
        return this;
    }

    State put(String name, double... values) {
        addAll(json.putArray(name), values);
        return this;
    }

    /// Arrays of numbers.
    State put(String name, List<double[]> rows) {
        ArrayNode array = json.putArray(name);
        rows.forEach(row -> addAll(array.addArray(), row));
        return this;
    }

    private static void addAll(ArrayNode array, double... values) {
        for (double value : values) {
            boolean negativeZero = value == 0 && 1 / value < 0;
            if (Double.isFinite(value) && !negativeZero) {
                array.add(value);
            } else {
                array.add(Double.toString(value));
            }
        }
    }

    boolean has(String name) {
        return json.has(name);
    }

    long whole(String name, long least, long most) {
        JsonNode node = json.get(name);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault("'" + name + "' is not an integer");
        }
        long value = node.longValue();
        if (value < least || value > most) {
            throw fault("'%s' is %d".formatted(name, value));
        }
        return value;
    }

    boolean flag(String name) {
        JsonNode node = json.get(name);
        if (node == null || !node.isBoolean()) {
            throw fault("'" + name + "' is neither true nor false");
        }
        return node.booleanValue();
    }

    String text(String name) {
        JsonNode node = json.get(name);
        if (node == null || !node.isString()) {
            throw fault("'" + name + "' is not a string");
        }
        return node.stringValue();
    }

    State object(String name) {
        return of(json.path(name), name);
    }

    /// Exactly `length` numbers, all finite.
    double[] finite(String name, int length) {
        double[] values = numbers(json.get(name), name, length);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw fault("'" + name + "' has a number that is not finite");
            }
        }
        return values;
    }

    /// A finite number.
    double finite(String name) {
        return finite(name, 1)[0];
    }

    /// Exactly `length` numbers.
    double[] numbers(String name, int length) {
        return numbers(json.get(name), name, length);
    }

    /// Rows of exactly `length` numbers each.
    ///
    /// @param most maximum number of rows
    List<double[]> rows(String name, int length, int most) {
        return each(name, most, row -> numbers(row, name, length));
    }

    /// Any number of values up to a limit.
    double[] numbersUpTo(String name, int most) {
        int length = json.get(name) instanceof ArrayNode array ? array.size() : 0;
        if (length > most) {
            throw fault("'%s' has %d numbers".formatted(name, length));
        }
        return numbers(json.get(name), name, length);
    }

    private <T> List<T> each(String name, int most, Function<JsonNode, T> read) {
        if (!(json.get(name) instanceof ArrayNode array) || array.size() > most) {
            throw fault("'%s' is not a list of at most %d".formatted(name, most));
        }
        List<T> items = new ArrayList<>();
        array.forEach(node -> items.add(read.apply(node)));
        return items;
    }

    private static double[] numbers(@Nullable JsonNode node, String name, int length) {
        if (!(node instanceof ArrayNode array) || array.size() != length) {
            throw fault("'%s' is not a list of %d numbers".formatted(name, length));
        }
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = number(array.get(i), name);
        }
        return values;
    }

    private static double number(JsonNode node, String name) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isString()) {
            switch (node.stringValue()) {
                case "NaN":
                    return Double.NaN;
                case "Infinity":
                    return Double.POSITIVE_INFINITY;
                case "-Infinity":
                    return Double.NEGATIVE_INFINITY;
                case "-0.0":
                    return -0.0;
                default:
            }
        }
        throw fault("'" + name + "' contains a value that is not a number");
    }
}
