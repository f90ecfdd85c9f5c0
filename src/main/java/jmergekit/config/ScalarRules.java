package jmergekit.config;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The meaning of scalars: as in YAML 1.1 (`yes` and `off` are booleans, `010` is eight), but also
/// accepting numbers that are quoted or that YAML 1.1 treats as text, such as `5e-1`.
public final class ScalarRules {
    /// A regular expression for boolean text.
    public static final String FLAG_PATTERN =
            "^([Tt]rue|TRUE|[Yy]es|YES|[Oo]n|ON|[Ff]alse|FALSE|[Nn]o|NO|[Oo]ff|OFF)$";

    /// A regular expression for finite numbers.
    public static final String NUMBER_PATTERN =
            "^\\s*[-+]?([0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?\\s*$";

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE =
            Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");
    private static final Pattern RADIX =
            Pattern.compile("([-+]?)0(?:x([0-9a-fA-F]{1,15})|b([01]{1,60})|o?([0-7]{1,20}))");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern NOT_FINITE =
            Pattern.compile("[-+]?\\.?(?:inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_NUMBER = 400;

    private ScalarRules() {}

    static boolean isNull(String text) {
        return NULLS.contains(text);
    }

    /// `yes`, `no` and similar, unquoted.
    static Optional<Boolean> bool(YamlNode.Scalar scalar) {
        return scalar.plain() ? boolText(scalar.text()) : Optional.empty();
    }

    /// The same for a key that only takes booleans, where quotes do not matter.
    static Optional<Boolean> boolText(String text) {
        if (TRUE.contains(text)) {
            return Optional.of(true);
        }
        return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
    }

    /// The number, quoted or not; infinite or NaN if written so.
    static OptionalDouble number(YamlNode.Scalar scalar) {
        String text = scalar.text().strip().replace("_", "");
        if (text.length() > LONGEST_NUMBER) {
            return OptionalDouble.empty();
        }
        Matcher radix = RADIX.matcher(text);
        if (scalar.plain() && radix.matches()) {
            long digits =
                    radix.group(2) != null
                            ? Long.parseLong(radix.group(2), 16)
                            : radix.group(3) != null
                                    ? Long.parseLong(radix.group(3), 2)
                                    : Long.parseLong(radix.group(4), 8);
            return OptionalDouble.of(radix.group(1).equals("-") ? -digits : digits);
        }
        if (DECIMAL.matcher(text).matches()) {
            return OptionalDouble.of(Double.parseDouble(text));
        }
        return NOT_FINITE.matcher(text).matches()
                ? OptionalDouble.of(Double.NaN)
                : OptionalDouble.empty();
    }

    /// A whole number that fits an int.
    static OptionalInt integer(YamlNode.Scalar scalar) {
        OptionalDouble number = number(scalar);
        if (number.isEmpty() || number.getAsDouble() != (int) number.getAsDouble()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number.getAsDouble());
    }
}
