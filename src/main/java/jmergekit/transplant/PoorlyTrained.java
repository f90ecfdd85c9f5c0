package jmergekit.transplant;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TokenText;
import jmergekit.tokenizer.TokenTexts;

/// Finds tokens that a model hardly ever saw in training, by their rows.
///
/// Some tokens cannot have been seen: rows beyond the vocabulary, and bytes that do not occur in
/// UTF-8 text. Rows that are close to the mean of the unseen rows, by cosine, count as poorly
/// trained. The limit is the distance of the farthest unseen row plus a quarter of the way to the
/// median, and at most 2 percent of all rows count. If there are no unseen tokens, or their rows
/// differ as much as any others, the shortest 2 percent of rows count, if they have less than half
/// of the median length.
///
/// Source of the indicators, and of the share: Land, Bartolo, "Fishing for Magikarp: automatically
/// detecting under-trained tokens in large language models", arXiv:2405.05417.
final class PoorlyTrained {
    private static final double SHARE = 0.02;
    private static final double CLOSE = 0.25;

    private PoorlyTrained() {}

    /// The ids of poorly trained tokens.
    static BitSet of(Rows rows, TokenTexts texts) {
        BitSet finite = rows.finite();
        int[] unseen =
                finite.stream().filter(id -> id >= texts.rows() || isUnseen(id, texts)).toArray();
        return closeTo(unseen, rows).orElseGet(() -> shortest(rows));
    }

    // Empty if the unseen rows are no closer to their mean than others.
    private static Optional<BitSet> closeTo(int[] unseen, Rows rows) {
        if (unseen.length == 0) {
            return Optional.empty();
        }
        double[] mean = unitMean(rows, unseen);
        double[] distances = new double[rows.count()];
        Arrays.setAll(distances, id -> 1 - cosine(rows, id, mean));
        double farthest = IntStream.of(unseen).mapToDouble(id -> distances[id]).max().orElseThrow();
        double median = quantile(distances, 0.5);
        return farthest < median
                ? Optional.of(lowest(distances, farthest + CLOSE * (median - farthest)))
                : Optional.empty();
    }

    private static BitSet shortest(Rows rows) {
        double[] lengths = new double[rows.count()];
        Arrays.setAll(lengths, id -> length(rows, id));
        return lowest(lengths, quantile(lengths, 0.5) / 2);
    }

    private static BitSet lowest(double[] scores, double limit) {
        double share = quantile(scores, SHARE);
        BitSet found = new BitSet();
        IntStream.range(0, scores.length)
                .filter(id -> scores[id] <= limit && scores[id] < share)
                .forEach(found::set);
        return found;
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (share * sorted.length)];
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
