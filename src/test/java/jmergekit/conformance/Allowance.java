package jmergekit.conformance;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an output may do differently on purpose.
///
/// @param extraTensors names of tensors that may be there though they are not expected
/// @param loosened names of tensors of which `mismatchFraction` of the elements may differ
/// @param differences what may be found, as the checks say it
record Allowance(
        @Nullable Pattern extraTensors,
        @Nullable Pattern loosened,
        double mismatchFraction,
        @Nullable Pattern differences) {
    static final Allowance NONE = new Allowance(null, null, 0, null);

    private static final String EXTRA = "extra-tensors:";
    private static final String DIFFERENCES = "differences:";
    private static final Pattern MISMATCH = Pattern.compile("mismatch:([0-9.]+):(.+)");

    /// Reads the check of a divergence: `extra-tensors:<regex>`, `mismatch:<fraction>:<regex>` or
    /// `differences:<regex>`.
    ///
    /// @throws IllegalArgumentException if it is none of them
    static Allowance of(String check) {
        if (check.startsWith(EXTRA)) {
            return new Allowance(Pattern.compile(check.substring(EXTRA.length())), null, 0, null);
        }
        if (check.startsWith(DIFFERENCES)) {
            return new Allowance(
                    null, null, 0, Pattern.compile(check.substring(DIFFERENCES.length())));
        }
        Matcher mismatch = MISMATCH.matcher(check);
        if (mismatch.matches()) {
            return new Allowance(
                    null,
                    Pattern.compile(mismatch.group(2)),
                    Double.parseDouble(mismatch.group(1)),
                    null);
        }
        throw new IllegalArgumentException("unknown check '" + check + "'");
    }

    boolean extra(String name) {
        return extraTensors != null && extraTensors.matcher(name).matches();
    }

    boolean expected(String difference) {
        return differences != null && differences.matcher(difference).matches();
    }

    Tolerance loosened(String name, Tolerance tolerance) {
        return loosened != null && loosened.matcher(name).matches()
                ? tolerance.withMismatchFraction(mismatchFraction)
                : tolerance;
    }
}
