package jmergekit.config;

import java.util.List;

/// The form of the value under a recipe key. The parser takes its limits from here, and
/// descriptions of recipes are generated from these.
public sealed interface Form {
    /// Text, which may be written as a number.
    ///
    /// @param pattern a regular expression that part of the text must match, valid in both Java and
    ///     JavaScript
    record Text(String pattern) implements Form {}

    /// One of these words.
    record Words(List<String> words) implements Form {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// A name from a known set.
    record Named(Naming what) implements Form {}

    /// True or false.
    record Flag() implements Form {}

    /// A finite number with a minimum.
    record Number(double least) implements Form {}

    /// A whole number, both limits included.
    record Count(int least, int most) implements Form {}

    /// Two numbers, `[low, high]`.
    record Interval() implements Form {}

    /// A range of layers, `[start, end]`.
    record Layers() implements Form {}

    /// A reference to a model, as text or as a mapping.
    record Model() implements Form {}

    /// A list with a minimum number of items.
    record ListOf(Form item, int least) implements Form {}

    /// A mapping from user-defined names to values of one form.
    record MapOf(Form value) implements Form {}

    /// A mapping with known keys.
    record In(Section section) implements Form {}

    /// Parameters of the merge method.
    ///
    /// @param ofModel whether they belong to one model
    record Parameters(boolean ofModel) implements Form {}

    /// A value of any parameter, without conditions.
    record Value() implements Form {}

    /// Nothing, or null.
    record Nothing() implements Form {}

    /// Any of these.
    record AnyOf(List<Form> forms) implements Form {
        public AnyOf {
            forms = List.copyOf(forms);
        }
    }

    /// Text that is not blank.
    static Form text() {
        return new Text("\\S");
    }

    static Form words(String... words) {
        return new Words(List.of(words));
    }

    /// A number without limits.
    static Form number() {
        return new Number(Double.NEGATIVE_INFINITY);
    }

    /// A whole number of at least `least`.
    static Form count(int least) {
        return new Count(least, Integer.MAX_VALUE);
    }

    /// A list of mappings.
    static Form listOf(Section section) {
        return listOf(new In(section));
    }

    /// A list that is not empty.
    static Form listOf(Form item) {
        return new ListOf(item, 1);
    }

    static Form anyOf(Form... forms) {
        return new AnyOf(List.of(forms));
    }

    /// This form, or its alternatives.
    default List<Form> choices() {
        return this instanceof AnyOf any ? any.forms() : List.of(this);
    }
}
