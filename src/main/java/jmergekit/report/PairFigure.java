package jmergekit.report;

import java.util.Locale;
import jmergekit.compare.Sums;

/// A figure of two models compared with each other.
enum PairFigure {
    /// The angle between models.
    COSINE(
            "cosine",
            "The cosine of the angle between two models: 1 for the same direction, 0 for unrelated weights.") {
        @Override
        double of(Sums sums, int one, int other) {
            return sums.cosine(one, other);
        }
    },
    /// The angle between task vectors.
    CHANGE_COSINE(
            "cosine of changes",
            "The cosine of the angle between two changes from the base: near 0 they do not "
                    + "interfere in a sum, near 1 they are alike, below 0 they work against each "
                    + "other.") {
        @Override
        double of(Sums sums, int one, int other) {
            return sums.changeCosine(one, other);
        }
    },
    /// How often they disagree.
    SIGN_CONFLICT(
            "sign conflict",
            "The share of elements changed in both models that changed in opposite directions: "
                    + "one half for unrelated changes. TIES resolves such conflicts by a vote.") {
        @Override
        double of(Sums sums, int one, int other) {
            return sums.signConflict(one, other);
        }
    },
    /// The distance between models.
    DISTANCE("distance", "The norm of the difference of two models.") {
        @Override
        double of(Sums sums, int one, int other) {
            return sums.distance(one, other);
        }
    };

    private final String title;
    private final String meaning;

    PairFigure(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /// The value; NaN if undefined.
    abstract double of(Sums sums, int one, int other);

    String title() {
        return title;
    }

    /// The meaning, in one or two sentences.
    String meaning() {
        return meaning;
    }

    /// The field name in files.
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }
}
