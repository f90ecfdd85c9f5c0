package jmergekit.report;

import jmergekit.page.Numbers;

/// Shares as percentages that distinguish none from few, and all from nearly all.
final class Share {
    private Share() {}

    /// @param share from 0 to 1; NaN gives a dash
    static String text(double share) {
        double hundredths = share * 100;
        String text = Numbers.text(hundredths, 1) + " %";
        if (!Double.isFinite(share)) {
            return "–";
        }
        if (share > 0 && hundredths < 0.05) {
            return "<0.1 %";
        }
        // A share of sums may differ from 1 by rounding.
        return share < 1 - 1e-12 && hundredths >= 99.95 ? ">99.9 %" : text;
    }
}
