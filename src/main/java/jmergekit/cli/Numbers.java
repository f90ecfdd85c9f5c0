package jmergekit.cli;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses numbers and switches on the command line, with messages that do not name Java classes.
final class Numbers {
    private Numbers() {}

    /// Registers the converters for all commands.
    static void register(CommandLine commands) {
        ITypeConverter<Integer> whole =
                whole(Integer::valueOf, Integer.MIN_VALUE, Integer.MAX_VALUE);
        ITypeConverter<Long> large = whole(Long::valueOf, Long.MIN_VALUE, Long.MAX_VALUE);
        commands.registerConverter(Integer.class, whole)
                .registerConverter(int.class, whole)
                .registerConverter(Long.class, large)
                .registerConverter(long.class, large)
                .registerConverter(Double.class, Numbers::number)
                .registerConverter(double.class, Numbers::number)
                .registerConverter(Boolean.class, Numbers::yesOrNo)
                .registerConverter(boolean.class, Numbers::yesOrNo);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refused(text, "is not a number");
        }
    }

    private static <T> ITypeConverter<T> whole(Function<String, T> read, long least, long most) {
        return text -> {
            try {
                return read.apply(text);
            } catch (NumberFormatException e) {
                throw refused(
                        text,
                        isWhole(text)
                                ? "is out of range (expected from %d to %d)".formatted(least, most)
                                : "is not a whole number");
            }
        };
    }

    private static boolean isWhole(String text) {
        try {
            new BigInteger(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean yesOrNo(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(text, "is neither true nor false");
        };
    }

    private static TypeConversionException refused(String text, String what) {
        return new TypeConversionException("'%s' %s".formatted(text, what));
    }
}
