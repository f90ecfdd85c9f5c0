package jmergekit.config;

import java.util.List;

/// What may stand under a key of a recipe. The parser takes limits from here, and whatever describes
/// recipes to others describes these.
public sealed interface Form {
    /// Text, which may be written as a number.
    ///
    /// @param pattern a part of it matches this regular expression, of the kind that Java and
    ///     JavaScript read alike
    record Text(String pattern) implements Form {}

    /// One of these words.
    record Words(List<String> words) implements Form {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// One of the names of something.
    record Named(Naming what) implements Form {}

    /// True or false.
    record Flag() implements Form {}

    /// A finite number, at least this one.
    record Number(double least) implements Form {}

    /// A whole number, both limits included.
    record Count(int least, int most) implements Form {}

    /// Two numbers, `[low, high]`.
    record Interval() implements Form {}

    /// A range of layers, `[start, end]`.
    record Layers() implements Form {}

    /// A reference to a model, as text or as a mapping.
    record Model() implements Form {}

    /// A list with at least so many items.
    record ListOf(Form item, int least) implements Form {}

    /// A mapping from names that are the user's to values of one form.
    record MapOf(Form value) implements Form {}

    /// A mapping with known keys.
    record In(Section section) implements Form {}

    /// Parameters of the merge method.
    ///
    /// @param ofModel whether they are those of one model
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

    /// A whole number from `least` on.
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

    /// This form, or those that it leaves the choice of.
    default List<Form> choices() {
        return this instanceof AnyOf any ? any.forms() : List.of(this);
    }
}
