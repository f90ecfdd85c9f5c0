package jmergekit.method;

import java.util.OptionalDouble;

/// A parameter of a merge method, as recipes write it.
///
/// @param perModel whether each model may have its own value; otherwise the recipe's `parameters` of
///     single models are not looked at
/// @param defaultValue empty if a recipe must give it
/// @param least the smallest value allowed
/// @param most the largest value allowed
/// @param flag whether it is true or false (1 or 0)
/// @param inert whether it changes nothing, and is there for old recipes only
/// @param summary what it does, a fragment for tables
public record Param(
        String name,
        boolean perModel,
        OptionalDouble defaultValue,
        double least,
        double most,
        boolean flag,
        boolean inert,
        String summary) {

    /// A number for the whole tensor, without a default.
    public static Param number(String name, String summary) {
        return new Param(
                name,
                false,
                OptionalDouble.empty(),
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                false,
                false,
                summary);
    }

    /// True or false.
    public static Param flag(String name, boolean defaultValue, String summary) {
        return new Param(
                name, false, OptionalDouble.of(defaultValue ? 1 : 0), 0, 1, true, false, summary);
    }

    /// A parameter that has no effect.
    static Param inertFlag(String name) {
        return new Param(
                name,
                false,
                OptionalDouble.of(0),
                0,
                1,
                true,
                true,
                "accepted for old recipes; changes nothing");
    }

    /// The same parameter with a value for each model.
    public Param eachModel() {
        return new Param(name, true, defaultValue, least, most, flag, inert, summary);
    }

    public Param orElse(double value) {
        return new Param(
                name, perModel, OptionalDouble.of(value), least, most, flag, inert, summary);
    }

    /// The same parameter, refusing values outside `least` to `most`.
    public Param within(double smallest, double largest) {
        return new Param(name, perModel, defaultValue, smallest, largest, flag, inert, summary);
    }

    public boolean required() {
        return defaultValue.isEmpty();
    }

    /// The default for tables.
    public String defaultText() {
        return required() ? "required" : text(defaultValue.orElseThrow());
    }

    /// The values allowed, for tables and messages.
    public String valuesText() {
        if (flag) {
            return "true or false";
        }
        if (most == Double.POSITIVE_INFINITY) {
            return least == Double.NEGATIVE_INFINITY ? "any number" : "at least " + text(least);
        }
        return text(least) + " to " + text(most);
    }

    private String text(double value) {
        if (flag) {
            return String.valueOf(value != 0);
        }
        // As recipes are written: 1e-5, not 1.0E-5.
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.valueOf(value).replace(".0E", "e");
    }
}
