package jmergekit.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;

/// Human-readable numbers for pages and terminals: four significant digits, independent of the
/// locale. The minus sign is a hyphen, which every terminal has, so that numbers look the same in
/// both.
public final class Numbers {
    private static final int DIGITS = 4;

    private Numbers() {}

    /// Four significant digits, in scientific notation if very large or small; a dash if not
    /// finite.
    public static String text(double value) {
        return text(value, decimals(value));
    }

    /// With a given number of decimals.
    public static String text(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        boolean far = size >= 1e9 || size > 0 && size < 1e-4 && size < Math.pow(10, -decimals) / 2;
        String text = String.format(Locale.ROOT, far ? "%.3e" : "%,." + decimals + "f", value);
        boolean zero = !far && text.matches("-[0.]+");
        return zero ? text.substring(1) : text;
    }

    /// With a given number of decimals, however small the value is.
    public static String fixed(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Double.isFinite(value) ? text(Math.rint(value * scale) / scale, decimals) : "–";
    }

    /// Four significant digits, without trailing zeros.
    public static String brief(double value) {
        String text = text(value);
        return text.contains(".") && !text.contains("e") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /// Four significant digits without trailing zeros or grouping, for numbers of any size, such as
    /// differences; in scientific notation from 1e7 and below 1e-4; `NaN` or `Infinity` if not
    /// finite.
    public static String significant(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros();
        boolean plain = Math.abs(value) < 1e7 && (value == 0 || Math.abs(value) >= 1e-4);
        return plain ? rounded.toPlainString() : rounded.toString();
    }

    /// The number of decimals for a column: four significant digits for the largest value.
    public static int decimals(double... values) {
        double greatest =
                Arrays.stream(values).filter(Double::isFinite).map(Math::abs).max().orElse(0);
        if (greatest == 0) {
            return 0;
        }
        int before = (int) Math.floor(Math.log10(greatest)) + 1;
        return Math.clamp(DIGITS - Math.max(before, 0), 0, DIGITS);
    }

    /// A whole number.
    public static String text(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// In drawing units, rounded to a tenth.
    static String place(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }
}
