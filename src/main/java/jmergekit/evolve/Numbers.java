package jmergekit.evolve;

import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers for people.
final class Numbers {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private Numbers() {}

    /// With four digits that count.
    static String text(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros();
        boolean plain = Math.abs(value) < 1e7 && (value == 0 || Math.abs(value) >= 1e-4);
        return plain ? rounded.toPlainString() : rounded.toString();
    }
}
