package jmergekit.method;

import java.util.List;
import java.util.Optional;

/// A parameter of a merge method, as recipes write it.
///
/// @param perModel whether each model may have its own value; otherwise `parameters` of single
///     models in the recipe are ignored
/// @param defaultValue empty if a recipe must set it
/// @param least the smallest number allowed, also in a list
/// @param most the largest number allowed, also in a list
/// @param words the words allowed, also in a list; empty if all are
/// @param inert whether it has no effect and is accepted only for old recipes
/// @param common whether several methods have it in addition to their own parameters; its default
///     then changes nothing, and plans leave it out
/// @param rising whether it grows from 0 in the first layer to its value in the last, and is 0
///     outside the layers
/// @param summary what it does, a fragment for tables
public record Param(
        String name,
        Kind kind,
        boolean perModel,
        Optional<Value> defaultValue,
        double least,
        double most,
        List<String> words,
        boolean inert,
        boolean common,
        boolean rising,
        String summary) {

    /// The type of a parameter's values.
    public enum Kind {
        /// One number. In a recipe a list of numbers is a gradient over the layers.
        NUMBER,
        /// True or false, as 1 or 0.
        FLAG,
        /// One word.
        WORD,
        /// A list of numbers, the same in all layers.
        NUMBERS,
        /// A list of words.
        WORDS
    }

    public Param {
        words = List.copyOf(words);
    }

    /// A number for the whole tensor, without a default.
    public static Param number(String name, String summary) {
        return required(name, Kind.NUMBER, summary);
    }

    /// True or false.
    public static Param flag(String name, boolean defaultValue, String summary) {
        return required(name, Kind.FLAG, summary).within(0, 1).orElse(defaultValue ? 1 : 0);
    }

    /// A word for the whole tensor, any word and without a default.
    public static Param word(String name, String summary) {
        return required(name, Kind.WORD, summary);
    }

    /// A list of numbers for the whole tensor, without a default.
    public static Param numbers(String name, String summary) {
        return required(name, Kind.NUMBERS, summary);
    }

    /// A list of words for the whole tensor, any words and without a default.
    public static Param words(String name, String summary) {
        return required(name, Kind.WORDS, summary);
    }

    private static Param required(String name, Kind kind, String summary) {
        return new Param(
                name,
                kind,
                false,
                Optional.empty(),
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                List.of(),
                false,
                false,
                false,
                summary);
    }

    /// A parameter that has no effect.
    static Param inertFlag(String name) {
        Param flag = flag(name, false, "accepted for compatibility; no effect");
        return new Param(
                name,
                Kind.FLAG,
                false,
                flag.defaultValue,
                0,
                1,
                List.of(),
                true,
                false,
                false,
                flag.summary);
    }

    /// The same parameter with a value for each model.
    public Param eachModel() {
        return new Param(
                name, kind, true, defaultValue, least, most, words, inert, common, rising, summary);
    }

    public Param orElse(double value) {
        return orElse(Value.of(value));
    }

    public Param orElse(String word) {
        return orElse(Value.of(word));
    }

    /// The same parameter with a default value.
    public Param orElse(Value value) {
        if (!isOfKind(value)) {
            throw new IllegalArgumentException(
                    "the default of '%s' is not %s: %s".formatted(name, kindText(), value));
        }
        return new Param(
                name,
                kind,
                perModel,
                Optional.of(value),
                least,
                most,
                words,
                inert,
                common,
                rising,
                summary);
    }

    /// The same parameter, restricted to numbers from `smallest` to `largest`.
    public Param within(double smallest, double largest) {
        return new Param(
                name,
                kind,
                perModel,
                defaultValue,
                smallest,
                largest,
                words,
                inert,
                common,
                rising,
                summary);
    }

    /// The same parameter, restricted to these words.
    public Param oneOf(String... allowed) {
        return new Param(
                name,
                kind,
                perModel,
                defaultValue,
                least,
                most,
                List.of(allowed),
                inert,
                common,
                rising,
                summary);
    }

    /// The same parameter as one that several methods have. It has a default.
    Param shared() {
        return new Param(
                name,
                kind,
                perModel,
                defaultValue,
                least,
                most,
                words,
                inert,
                true,
                rising,
                summary);
    }

    /// The same parameter, growing from 0 in the first layer to its value in the last.
    Param overLayers() {
        return new Param(
                name,
                kind,
                perModel,
                defaultValue,
                least,
                most,
                words,
                inert,
                common,
                true,
                summary);
    }

    public boolean required() {
        return defaultValue.isEmpty();
    }

    /// Whether the parameter may have this value, which has the right type.
    public boolean allows(Value value) {
        return switch (value) {
            case Value.Number(double number) -> number >= least && number <= most;
            case Value.Word(String word) -> words.isEmpty() || words.contains(word);
            case Value.Items(List<Value> items) -> items.stream().allMatch(this::allows);
        };
    }

    /// Whether a value has the parameter's type and is allowed.
    public boolean accepts(Value value) {
        return isOfKind(value) && allows(value);
    }

    private boolean isOfKind(Value value) {
        return switch (kind) {
            case NUMBER, FLAG -> value instanceof Value.Number;
            case WORD -> value instanceof Value.Word;
            case NUMBERS ->
                    value instanceof Value.Items(List<Value> items)
                            && items.stream().allMatch(i -> i instanceof Value.Number);
            case WORDS ->
                    value instanceof Value.Items(List<Value> items)
                            && items.stream().allMatch(i -> i instanceof Value.Word);
        };
    }

    /// The default for tables.
    public String defaultText() {
        return defaultValue.map(this::text).orElse("required");
    }

    private String text(Value value) {
        return switch (value) {
            case Value.Number(double number) -> text(number);
            case Value.Word _, Value.Items _ -> value.toString();
        };
    }

    /// The values allowed, for tables and messages.
    public String valuesText() {
        return switch (kind) {
            case FLAG -> "true or false";
            case NUMBER -> isAnyNumber() ? kindText() : rangeText();
            case WORD -> words.isEmpty() ? kindText() : String.join(" or ", words);
            case NUMBERS -> isAnyNumber() ? kindText() : kindText() + ", each " + rangeText();
            case WORDS ->
                    words.isEmpty()
                            ? kindText()
                            : kindText() + ", each " + String.join(" or ", words);
        };
    }

    private String kindText() {
        return switch (kind) {
            case FLAG -> "true or false";
            case NUMBER -> "any number";
            case WORD -> "any word";
            case NUMBERS -> "a list of numbers";
            case WORDS -> "a list of words";
        };
    }

    private boolean isAnyNumber() {
        return least == Double.NEGATIVE_INFINITY && most == Double.POSITIVE_INFINITY;
    }

    private String rangeText() {
        return most == Double.POSITIVE_INFINITY
                ? "at least " + text(least)
                : text(least) + " to " + text(most);
    }

    private String text(double value) {
        if (kind == Kind.FLAG) {
            return String.valueOf(value != 0);
        }
        // Written as in recipes: 1e-5, not 1.0E-5.
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.valueOf(value).replace(".0E", "e");
    }
}
