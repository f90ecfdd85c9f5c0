package jmergekit.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/// Writes values so that any YAML reader reads them back unchanged.
public final class YamlScalar {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_./][\\p{L}\\p{N}_./+@-]*");
    private static final double SMALLEST_IN_FULL = 1e-7;
    private static final double LARGEST_IN_FULL = 1e16;

    private YamlScalar() {}

    /// A number that reads back bit-identical.
    ///
    /// @throws IllegalArgumentException if it is not finite
    public static String of(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("not a finite number: " + number);
        }
        double size = Math.abs(number);
        if (number == 0) {
            return "0.0";
        }
        if (size >= SMALLEST_IN_FULL && size < LARGEST_IN_FULL) {
            return new BigDecimal(Double.toString(number)).toPlainString();
        }
        // YAML 1.1 treats numbers whose exponent has no sign, or no point before it, as text.
        String text = Double.toString(number).toLowerCase(Locale.ROOT);
        return text.contains("e-") ? text : text.replace("e", "e+");
    }

    /// Text, quoted if it would otherwise have another meaning.
    public static String of(String text) {
        YamlNode.Scalar plain = new YamlNode.Scalar(text, true, SourceText.of("", "").start());
        boolean asItIs =
                PLAIN.matcher(text).matches()
                        && !plain.isNull()
                        && ScalarRules.bool(plain).isEmpty()
                        && ScalarRules.number(plain).isEmpty();
        return asItIs ? text : quoted(text);
    }

    /// Text in double quotes, with all but plain characters escaped.
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        quoted.append('\\').appendCodePoint(c);
                    } else if (isWritten(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append("\\U%08X".formatted(c));
                    }
                });
        return quoted.append('"').toString();
    }

    private static boolean isWritten(int c) {
        return c == ' '
                || Character.isLetterOrDigit(c)
                || c > ' ' && c < 0x7f
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.OTHER_PUNCTUATION,
                            Character.NON_SPACING_MARK,
                            Character.OTHER_SYMBOL ->
                            true;
                    default -> false;
                };
    }
}
