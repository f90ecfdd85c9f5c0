package jmergekit.report;

import java.util.List;

/// A sparkline of block characters.
final class Spark {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final int MOST = 64;

    private Spark() {}

    /// One block per number, or for evenly spaced numbers if there are many; a space for non-finite
    /// numbers.
    ///
    /// @param low the value of the lowest block
    /// @param high the value of the highest block
    static String of(List<Double> numbers, double low, double high) {
        StringBuilder line = new StringBuilder();
        int shown = Math.min(MOST, numbers.size());
        for (int i = 0; i < shown; i++) {
            double number = numbers.get(i * numbers.size() / shown);
            line.append(Double.isFinite(number) ? block(number, low, high) : ' ');
        }
        return line.toString();
    }

    private static char block(double number, double low, double high) {
        double share = high > low ? (number - low) / (high - low) : 0.5;
        int last = BLOCKS.length() - 1;
        return BLOCKS.charAt(Math.clamp(Math.round(share * last), 0, last));
    }
}
