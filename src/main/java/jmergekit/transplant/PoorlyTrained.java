package jmergekit.transplant;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TokenText;
import jmergekit.tokenizer.TokenTexts;

/// Finds tokens that a model saw hardly ever when it was trained, by their rows.
///
/// Some tokens cannot have been seen: rows beyond the vocabulary, and bytes that no text in UTF-8 has.
/// Rows that are as close to the mean of theirs as they are themselves are taken for poorly trained,
/// but at most 2 percent of all. Where there are none of these, it is the shortest 2 percent of rows, if
/// they have less than half of the usual length.
///
/// Source of the indicators, and of the share: Land, Bartolo, "Fishing for Magikarp: automatically
/// detecting under-trained tokens in large language models", arXiv:2405.05417.
final class PoorlyTrained {
    private static final double SHARE = 0.02;

    private PoorlyTrained() {}

    /// The ids of such tokens.
    static BitSet of(Rows rows, TokenTexts texts) {
        int[] unseen =
                IntStream.range(0, rows.count())
                        .filter(id -> id >= texts.rows() || isUnseen(id, texts))
                        .toArray();
        double[] score = new double[rows.count()];
        double limit;
        if (unseen.length > 0) {
            double[] mean = unitMean(rows, unseen);
            IntStream.range(0, score.length).forEach(id -> score[id] = -cosine(rows, id, mean));
            limit = IntStream.of(unseen).mapToDouble(id -> score[id]).max().orElseThrow();
        } else {
            IntStream.range(0, score.length).forEach(id -> score[id] = length(rows, id));
            double[] sorted = score.clone();
            Arrays.sort(sorted);
            limit = sorted[sorted.length / 2] / 2;
        }
        double[] sorted = score.clone();
        Arrays.sort(sorted);
        double share = sorted[(int) (SHARE * sorted.length)];
        BitSet found = new BitSet();
        IntStream.range(0, score.length)
                .filter(id -> score[id] <= limit && score[id] < share)
                .forEach(found::set);
        return found;
    }

    private static boolean isUnseen(int id, TokenTexts texts) {
        return texts.of(id)
                .filter(t -> t.kind() == TokenText.Kind.BYTES && t.text().length() == 1)
                .map(t -> (int) t.text().charAt(0))
                .filter(b -> b == 0xc0 || b == 0xc1 || b >= 0xf5)
                .isPresent();
    }

    private static double[] unitMean(Rows rows, int[] ids) {
        double[] mean = new double[rows.columns()];
        float[] row = new float[rows.columns()];
        for (int id : ids) {
            rows.read(id, row);
            for (int j = 0; j < row.length; j++) {
                mean[j] += row[j];
            }
        }
        double length = Math.sqrt(Arrays.stream(mean).map(m -> m * m).sum());
        return Arrays.stream(mean).map(m -> length > 0 ? m / length : 0).toArray();
    }

    private static double cosine(Rows rows, int id, double[] unit) {
        float[] row = new float[rows.columns()];
        rows.read(id, row);
        double inner = 0;
        double square = 0;
        for (int j = 0; j < row.length; j++) {
            inner += row[j] * unit[j];
            square += (double) row[j] * row[j];
        }
        return square > 0 ? inner / Math.sqrt(square) : 1;
    }

    private static double length(Rows rows, int id) {
        float[] row = new float[rows.columns()];
        rows.read(id, row);
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        return Math.sqrt(square);
    }
}
