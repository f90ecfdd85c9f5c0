package jmergekit.compare;

import java.util.stream.IntStream;

/// Sums of versions given as numbers, added up the plain way; all elements are in the sample, and a step
/// is that of bfloat16.
public final class SampleSums {
    private SampleSums() {}

    /// The first version is the reference. All numbers are finite.
    public static Sums of(double[]... versions) {
        int count = versions.length;
        int elements = versions[0].length;
        double[][] vectors = new double[count][elements];
        for (int v = 0; v < count; v++) {
            for (int e = 0; e < elements; e++) {
                vectors[v][e] = v == 0 ? versions[0][e] : versions[v][e] - versions[0][e];
            }
        }
        double[][] products = new double[count][count];
        long[][] both = new long[count][count];
        long[][] conflicts = new long[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                for (int e = 0; e < elements; e++) {
                    double product = vectors[i][e] * vectors[j][e];
                    products[i][j] += product;
                    both[i][j] += i > 0 && j > 0 && product != 0 ? 1 : 0;
                    conflicts[i][j] += i > 0 && j > 0 && product < 0 ? 1 : 0;
                }
            }
        }
        double[] largest = new double[count];
        double[] largestChange = new double[count];
        long[] unchanged = new long[count];
        long[] flipped = new long[count];
        ChangeSample[] samples = new ChangeSample[count];
        for (int v = 0; v < count; v++) {
            double[] own = versions[v];
            double[] change = vectors[v];
            largest[v] =
                    IntStream.range(0, elements).mapToDouble(e -> Math.abs(own[e])).max().orElse(0);
            samples[v] = ChangeSample.NONE;
            if (v > 0) {
                for (int e = 0; e < elements; e++) {
                    largestChange[v] = Math.max(largestChange[v], Math.abs(change[e]));
                    unchanged[v] += change[e] == 0 ? 1 : 0;
                    flipped[v] += own[e] * versions[0][e] < 0 ? 1 : 0;
                }
                samples[v] = sample(versions[0], change);
            }
        }
        return new Sums(
                elements,
                products,
                new long[count],
                new long[count],
                largest,
                largestChange,
                unchanged,
                flipped,
                both,
                conflicts,
                samples);
    }

    /// Sums of no elements with counts of what is not finite.
    public static Sums notFinite(long[] nan, long[] infinite) {
        int count = nan.length;
        Sums none = Sums.none(count);
        return new Sums(
                0,
                new double[count][count],
                nan,
                infinite,
                new double[count],
                new double[count],
                new long[count],
                new long[count],
                new long[count][count],
                new long[count][count],
                IntStream.range(0, count).mapToObj(none::sample).toArray(ChangeSample[]::new));
    }

    private static ChangeSample sample(double[] reference, double[] change) {
        double squares = 0;
        double fourths = 0;
        double steps = 0;
        long changed = 0;
        long vanishing = 0;
        long[] magnitudes = new long[ChangeSample.EXPONENTS];
        for (int e = 0; e < change.length; e++) {
            double step = reference[e] == 0 ? 0 : Math.scalb(1, Math.getExponent(reference[e]) - 7);
            double square = change[e] * change[e];
            squares += square;
            fourths += square * square;
            steps += step * step;
            if (change[e] != 0) {
                changed++;
                vanishing += Math.abs(change[e]) < step / 2 ? 1 : 0;
                int k = Math.getExponent(change[e]) - ChangeSample.LEAST_EXPONENT;
                magnitudes[Math.clamp(k, 0, ChangeSample.EXPONENTS - 1)]++;
            }
        }
        return new ChangeSample(
                change.length, squares, fourths, steps, changed, vanishing, magnitudes);
    }
}
