package jmergekit.conformance;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How far an output tensor may be from the expected one.
///
/// `mantissaBits` and `minExponent` describe the dtype whose unit in the last place counts.
record Tolerance(
        Mode mode,
        double rtol,
        double atol,
        double ulps,
        int mantissaBits,
        int minExponent,
        double mismatchFraction) {

    enum Mode {
        EXACT,
        ALLCLOSE,
        ULP,
        ALLCLOSE_ORACLE
    }

    private static final int FLOAT32_BITS = 24;
    private static final Set<String> KEYS =
            Set.of(
                    "mode",
                    "rtol",
                    "atol",
                    "ulps",
                    "dtype",
                    "max_mismatch_fraction",
                    "overrides",
                    "ignore_tensors",
                    "moe_layout",
                    "dtypes");

    /// @throws IllegalArgumentException if the policy has a mode, dtype or key unknown to this
    ///   checker
    static Tolerance of(JsonNode policy) {
        for (String key : policy.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key '" + key + "' in a tensor policy");
            }
        }
        Mode mode =
                switch (policy.path("mode").asString("")) {
                    case "exact" -> Mode.EXACT;
                    case "allclose" -> Mode.ALLCLOSE;
                    case "ulp" -> Mode.ULP;
                    case "allclose_oracle" -> Mode.ALLCLOSE_ORACLE;
                    default ->
                            throw new IllegalArgumentException(
                                    "unknown mode " + policy.path("mode"));
                };
        String dtype = policy.path("dtype").asString("float32");
        return new Tolerance(
                mode,
                policy.path("rtol").asDouble(0),
                policy.path("atol").asDouble(0),
                policy.path("ulps").asDouble(0),
                switch (dtype) {
                    case "bfloat16" -> 7;
                    case "float16" -> 10;
                    case "float32" -> 23;
                    default -> throw new IllegalArgumentException("unknown dtype " + dtype);
                },
                dtype.equals("float16") ? -14 : -126,
                policy.path("max_mismatch_fraction").asDouble(0));
    }

    /// The unit in the last place of `x`.
    double unit(double x) {
        double magnitude = Double.isFinite(x) ? x : Float.MAX_VALUE;
        return Math.scalb(1.0, Math.max(Math.getExponent(magnitude), minExponent) - mantissaBits);
    }

    /// How many of `count` elements may break the rule.
    int allowed(int count) {
        return mismatchFraction > 0 ? Math.max(1, (int) (mismatchFraction * count)) : 0;
    }

    Tolerance withMismatchFraction(double fraction) {
        return new Tolerance(mode, rtol, atol, ulps, mantissaBits, minExponent, fraction);
    }

    /// What float32 arithmetic may leave where large terms cancel: half a unit of the tensor's
    /// largest element. A sum that should be 0 may be a residue of this size or not, depending on
    /// the order of operations, and units of so small a number say nothing. (Expected values hold
    /// zeros in some cases and residues of double precision in others.)
    double noise(StoredTensor expected) {
        double largest = 0;
        for (int i = 0; i < expected.count(); i++) {
            double magnitude = Math.abs(expected.value(i));
            largest = Double.isFinite(magnitude) ? Math.max(largest, magnitude) : largest;
        }
        return Math.scalb(largest, -FLOAT32_BITS);
    }

    /// What is wrong with the values of `actual`, or null. Shapes must be equal already.
    @Nullable String difference(
            StoredTensor actual, StoredTensor expected, @Nullable StoredTensor oracle) {
        if (mode == Mode.ALLCLOSE_ORACLE && oracle == null) {
            return "there is no oracle to compare with";
        }
        int wrong = 0;
        int first = -1;
        int count = expected.count();
        double noise = mode == Mode.ULP ? noise(expected) : 0;
        for (int i = 0; i < count; i++) {
            if (!accepts(actual, expected, oracle, noise, i)) {
                first = wrong++ == 0 ? i : first;
            }
        }
        if (wrong <= allowed(count)) {
            return null;
        }
        return "%d of %d elements differ (allowed %d), first at %d: %s, expected %s%s"
                .formatted(
                        wrong,
                        count,
                        allowed(count),
                        first,
                        actual.value(first),
                        expected.value(first),
                        oracle == null ? "" : ", oracle " + oracle.value(first));
    }

    private boolean accepts(
            StoredTensor actual,
            StoredTensor expected,
            @Nullable StoredTensor oracle,
            double noise,
            int i) {
        double a = actual.value(i);
        double e = expected.value(i);
        return switch (mode) {
            case EXACT -> actual.sameBits(expected, i);
            case ALLCLOSE -> close(a, e, atol + rtol * Math.abs(e));
            case ULP -> {
                double slack = Math.max(ulps * unit(e), noise);
                yield close(a, e, slack)
                        || oracle != null
                                && Math.abs(a - oracle.value(i))
                                        <= Math.abs(e - oracle.value(i)) + slack;
            }
            case ALLCLOSE_ORACLE -> {
                double o = oracle == null ? Double.NaN : oracle.value(i);
                yield close(a, o, atol + rtol * Math.abs(o));
            }
        };
    }

    private static boolean close(double a, double b, double slack) {
        return a == b || Double.isNaN(a) && Double.isNaN(b) || Math.abs(a - b) <= slack;
    }
}
