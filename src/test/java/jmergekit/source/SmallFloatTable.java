package jmergekit.source;

import java.util.ArrayList;
import java.util.List;

/// Every number of a format of few bits, by its code, from the definition: independent of the code
/// under test.
record SmallFloatTable(List<Double> values) {
    /// @param exponentBits of the exponent, whose bias is such that half of its range is below 1
    /// @param significandBits that are stored
    /// @param largest what is above is NaN or infinity
    static SmallFloatTable of(int exponentBits, int significandBits, double largest) {
        int bias = (1 << exponentBits - 1) - 1;
        List<Double> values = new ArrayList<>();
        for (int code = 0; code < 1 << exponentBits + significandBits; code++) {
            int exponent = code >> significandBits;
            double fraction = (code & (1 << significandBits) - 1) / (double) (1 << significandBits);
            double value =
                    exponent == 0
                            ? fraction * Math.pow(2, 1 - bias)
                            : (1 + fraction) * Math.pow(2, exponent - bias);
            if (value <= largest) {
                values.add(value);
            }
        }
        return new SmallFloatTable(values);
    }

    static SmallFloatTable e4m3() {
        return of(4, 3, 448);
    }

    static SmallFloatTable e5m2() {
        return of(5, 2, 57344);
    }

    static SmallFloatTable e2m1() {
        return of(2, 1, 6);
    }

    /// The nearest one; of two that are equally near the one with the even code.
    double nearest(double x) {
        int best = 0;
        double magnitude = Math.abs(x);
        for (int code = 1; code < values.size(); code++) {
            double difference =
                    Math.abs(values.get(code) - magnitude) - Math.abs(values.get(best) - magnitude);
            if (difference < 0 || difference == 0 && code % 2 == 0) {
                best = code;
            }
        }
        return Math.copySign(values.get(best), x);
    }
}
