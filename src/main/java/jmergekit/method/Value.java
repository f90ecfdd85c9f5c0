package jmergekit.method;

import java.util.List;
import java.util.stream.Collectors;

/// A parameter's value: one number, one word, or a list of either.
public sealed interface Value {
    /// One number; true is 1 and false is 0.
    record Number(double number) implements Value {
        @Override
        public Object plain() {
            return number;
        }

        /// `3`, `0.5`
        @Override
        public String toString() {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? String.valueOf((long) number)
                    : String.valueOf(number);
        }
    }

    /// One word.
    record Word(String word) implements Value {
        @Override
        public Object plain() {
            return word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /// A list of numbers or of words, in the order written.
    record Items(List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
            if (items.stream().anyMatch(i -> i instanceof Items)) {
                throw new IllegalArgumentException("a list inside a list");
            }
        }

        @Override
        public Object plain() {
            return items.stream().map(Value::plain).toList();
        }

        /// `[1, 0.5]`
        @Override
        public String toString() {
            return items.stream().map(Value::toString).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// The value as in JSON: a Double, a String, or a list of Doubles or Strings. Two values are
    /// equal if and only if these are.
    Object plain();

    /// The value that has this form in [#plain]; a number may be of any type.
    static Value ofPlain(Object plain) {
        return switch (plain) {
            case java.lang.Number number -> of(number.doubleValue());
            case String word -> of(word);
            case List<?> items -> new Items(items.stream().map(Value::ofPlain).toList());
            default ->
                    throw new IllegalArgumentException(
                            "no value has the form " + plain.getClass().getSimpleName());
        };
    }

    static Value of(double number) {
        return new Number(number);
    }

    static Value of(String word) {
        return new Word(word);
    }

    static Value ofNumbers(List<Double> numbers) {
        return new Items(numbers.stream().map(Value::of).toList());
    }

    static Value ofWords(List<String> words) {
        return new Items(words.stream().map(Value::of).toList());
    }
}
