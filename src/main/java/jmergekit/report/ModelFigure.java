package jmergekit.report;

import java.util.Locale;
import java.util.stream.DoubleStream;
import jmergekit.compare.Sums;
import jmergekit.page.ColourScale;
import jmergekit.page.Numbers;
import jmergekit.page.Scale;

/// A figure of a model compared with the reference: its name in tables and files, its meaning, and how
/// it is written.
enum ModelFigure {
    /// How much changed.
    RELATIVE_CHANGE(
            "change",
            Form.FACTOR,
            "The norm of the change divided by the norm of the reference: 0.01 is a light "
                    + "fine-tune, 0.1 a heavy one, and above 1 hardly anything of the reference "
                    + "is left.") {
        @Override
        double of(Sums sums, int model) {
            return sums.relativeChange(model);
        }
    },
    /// How far the direction changed.
    COSINE(
            "cosine",
            Form.NUMBER,
            "The cosine of the angle to the reference: 1 for the same direction, 0 for unrelated weights.") {
        @Override
        double of(Sums sums, int model) {
            return sums.cosine(0, model);
        }
    },
    /// How the size changed.
    NORM_RATIO(
            "norm ratio",
            Form.RATIO,
            "The norm divided by the norm of the reference: below 1 the weights shrank, above 1 "
                    + "they grew.") {
        @Override
        double of(Sums sums, int model) {
            return sums.normRatio(model, 0);
        }
    },
    /// The share of elements that stayed the same.
    UNCHANGED_SHARE(
            "unchanged",
            Form.SHARE,
            "Elements equal to the reference. A large share in 16-bit weights means that changes "
                    + "were too small to be stored or that parts were frozen.") {
        @Override
        double of(Sums sums, int model) {
            return sums.unchangedShare(model);
        }
    },
    /// The share of elements with the opposite sign.
    SIGN_FLIP_SHARE(
            "signs flipped",
            Form.SHARE,
            "Elements whose sign is the opposite of the reference's.") {
        @Override
        double of(Sums sums, int model) {
            return sums.signFlips(model);
        }
    },
    /// How far the largest change exceeds the typical one.
    OUTLIER_RATIO(
            "outlier ratio",
            Form.FACTOR,
            "The largest change of an element divided by the root mean square of all changes: "
                    + "about 5 is typical, 50 and more means that a few elements hold much of "
                    + "the change.") {
        @Override
        double of(Sums sums, int model) {
            return sums.outlierRatio(model);
        }
    },
    /// How heavy the tails are.
    KURTOSIS(
            "kurtosis",
            Form.FACTOR,
            "The fourth moment of the changes divided by the square of the second: 3 for a "
                    + "normal distribution, more if a few elements hold most of the change.") {
        @Override
        double of(Sums sums, int model) {
            return sums.sample(model).kurtosis();
        }
    },
    /// How far the change exceeds rounding noise.
    HEADROOM_BITS(
            "headroom",
            Form.BITS,
            "How far the change exceeds the noise of rounding to the reference's dtype, in bits. "
                    + "Below 0 the noise is larger, and a merge in that dtype keeps little of "
                    + "the change.") {
        @Override
        double of(Sums sums, int model) {
            return sums.sample(model).headroom();
        }
    },
    /// The share of changes that rounding removes.
    VANISHING_SHARE(
            "vanishing",
            Form.SHARE,
            "The share of changed elements whose change is less than half a rounding step of the "
                    + "reference's dtype: stored in that dtype, they would not change at all.") {
        @Override
        double of(Sums sums, int model) {
            return sums.sample(model).vanishingShare();
        }
    };

    /// The number format and colour scale of a figure.
    enum Form {
        NUMBER,
        FACTOR,
        RATIO,
        SHARE,
        BITS;

        String text(double value) {
            if (Double.isInfinite(value)) {
                return "infinite";
            }
            return switch (this) {
                case SHARE -> Share.text(value);
                case BITS -> Double.isNaN(value) ? "–" : Numbers.text(value, 1) + " bits";
                case NUMBER -> Numbers.fixed(value, 4);
                case FACTOR, RATIO -> Numbers.text(value);
            };
        }

        ColourScale colours(String label, double... values) {
            return switch (this) {
                case NUMBER -> ColourScale.around(label, values);
                case FACTOR -> ColourScale.powers(label, 6, values);
                case RATIO -> ColourScale.diverging(ratios(values), label);
                case SHARE -> ColourScale.sequential(Scale.of(0, most(values)), label);
                case BITS -> ColourScale.diverging(Scale.of(-8, 8), label + ", bits");
            };
        }

        /// A round share that is an upper bound of all values.
        private static double most(double... values) {
            double high = DoubleStream.of(values).filter(Double::isFinite).max().orElse(1);
            return DoubleStream.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
                    .filter(end -> end >= high)
                    .findFirst()
                    .orElse(1);
        }

        /// A scale symmetric around 1 that includes the farthest value.
        private static Scale ratios(double... values) {
            double most = Math.log(1.01);
            for (double value : values) {
                if (value > 0 && Double.isFinite(value)) {
                    most = Math.max(most, Math.abs(Math.log(value)));
                }
            }
            double end = Math.exp(Math.min(most, 20));
            return Scale.logarithmic(1 / end, end);
        }
    }

    private final String title;
    private final Form form;
    private final String meaning;

    ModelFigure(String title, Form form, String meaning) {
        this.title = title;
        this.form = form;
        this.meaning = meaning;
    }

    /// The value; NaN if undefined.
    abstract double of(Sums sums, int model);

    String title() {
        return title;
    }

    Form form() {
        return form;
    }

    /// The meaning, in one or two sentences.
    String meaning() {
        return meaning;
    }

    /// The field name in files.
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }

    String text(Sums sums, int model) {
        return form.text(of(sums, model));
    }
}
