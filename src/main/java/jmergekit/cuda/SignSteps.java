package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;

/// Cubic polynomials that in turn move numbers of magnitude `least` to 1 to their sign:
/// `x <- first * x - third * x³`, Newton and Schulz's iteration with the scaling of Chen and Chow
/// (2014). Scaled so that the smallest and the largest number have the same image, a step brings a
/// small number 2.6 times nearer to 1 instead of 1.5 times. Numbers below `least` grow by at most
/// about `1 / least`.
final class SignSteps {
    /// Float64 numbers as near to 1 as this are 1 after a step.
    private static final double NEARLY_ONE = 1 - 1e-9;

    private SignSteps() {}

    record Step(double first, double third) {
        double of(double x) {
            return first * x - third * x * x * x;
        }
    }

    static List<Step> from(double least) {
        List<Step> steps = new ArrayList<>();
        double low = least;
        boolean isLast;
        do {
            isLast = low >= NEARLY_ONE;
            double scale = Math.sqrt(3 / (1 + low + low * low));
            Step step = new Step(1.5 * scale, 0.5 * scale * scale * scale);
            steps.add(step);
            low = Math.min(1, step.of(low));
        } while (!isLast);
        return steps;
    }
}
