package jmergekit.evolve;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import jmergekit.evaluate.Score;
import jmergekit.page.Numbers;

/// How much better one model is than another on the same items, with a confidence interval by
/// paired bootstrap (Koehn, "Statistical Significance Tests for Machine Translation Evaluation",
/// 2004; Efron and Tibshirani, "An Introduction to the Bootstrap", 1993). Each of many samples
/// draws items with replacement, the same for both models. Tasks for which only standard errors are
/// known get normal noise of that size instead.
///
/// @param difference of the objectives; above 0 the first model is better
/// @param low the 2.5th percentile of the differences in the samples
/// @param high the 97.5th percentile
/// @param items number of items drawn in a sample
/// @param errors number of tasks that only have standard errors
record PairedBootstrap(double difference, double low, double high, long items, int errors) {
    private static final long MOST_SAMPLES = 10_000;
    private static final long FEWEST_SAMPLES = 1_000;

    /// Maximum number of items drawn in all samples together.
    private static final long MOST_DRAWN = 400_000_000;

    /// A mean is rounded once more than the value it is compared with.
    private static final double CLOSE = 1e-6;

    /// The contribution of one task to the difference in a sample.
    private interface Part {
        double draw(SplittableRandom random);
    }

    /// Empty if the noise of a task with a weight is not known.
    static Optional<PairedBootstrap> of(
            Objective objective, Map<String, Score> first, Map<String, Score> second, long seed) {
        int tasks = objective.tasks().size();
        Part[] parts = new Part[tasks];
        long items = 0;
        int errors = 0;
        for (int i = 0; i < tasks; i++) {
            String task = objective.tasks().get(i);
            Score a = first.get(task);
            Score b = second.get(task);
            double share = objective.share(task, a.higherIsBetter());
            if (share == 0) {
                parts[i] = _ -> 0;
            } else if (isPaired(a, b)) {
                items += a.items().length;
                parts[i] = paired(a.items(), b.items(), share);
            } else if (a.standardError().isPresent() && b.standardError().isPresent()) {
                errors++;
                double mean = share * (a.value() - b.value());
                double deviation =
                        Math.abs(share)
                                * Math.hypot(
                                        a.standardError().getAsDouble(),
                                        b.standardError().getAsDouble());
                parts[i] = random -> mean + deviation * random.nextGaussian();
            } else {
                return Optional.empty();
            }
        }
        double difference = objective.of(first) - objective.of(second);
        double[] samples = sampled(parts, items, seed);
        int tail = samples.length / 40;
        return Optional.of(
                new PairedBootstrap(
                        difference,
                        samples[tail],
                        samples[samples.length - 1 - tail],
                        items,
                        errors));
    }

    private static double[] sampled(Part[] parts, long items, long seed) {
        long count = Math.clamp(MOST_DRAWN / Math.max(1, items), FEWEST_SAMPLES, MOST_SAMPLES);
        SplittableRandom random = new SplittableRandom(seed);
        double[] samples = new double[Math.toIntExact(count)];
        for (int i = 0; i < samples.length; i++) {
            for (Part part : parts) {
                samples[i] += part.draw(random);
            }
        }
        Arrays.sort(samples);
        return samples;
    }

    private static boolean isPaired(Score a, Score b) {
        return a.items().length > 0
                && a.items().length == b.items().length
                && isMean(a)
                && isMean(b);
    }

    private static boolean isMean(Score score) {
        double mean = Arrays.stream(score.items()).average().orElse(Double.NaN);
        return Math.abs(mean - score.value()) <= CLOSE * Math.max(1, Math.abs(mean));
    }

    private static Part paired(double[] a, double[] b, double share) {
        double[] differences = new double[a.length];
        Arrays.setAll(differences, i -> a[i] - b[i]);
        return random -> {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += differences[random.nextInt(differences.length)];
            }
            return share * sum / differences.length;
        };
    }

    boolean isBetter() {
        return low > 0;
    }

    boolean isWorse() {
        return high < 0;
    }

    /// As in `0.35 (95 % interval 0.20 to 0.50; paired bootstrap over 1,200 items)`.
    String text() {
        String items = String.format(Locale.ROOT, "paired bootstrap over %,d items", this.items);
        String noise = "standard errors of %d task(s)".formatted(errors);
        String how = errors == 0 ? items : this.items == 0 ? noise : items + " and " + noise;
        return "%s (95 %% interval %s to %s; %s)"
                .formatted(
                        Numbers.significant(difference),
                        Numbers.significant(low),
                        Numbers.significant(high),
                        how);
    }
}
