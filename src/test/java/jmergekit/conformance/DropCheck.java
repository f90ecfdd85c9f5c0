package jmergekit.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks a merge that keeps differences from the base at random (DARE, DELLA), with one model of
/// weight 1: every difference is dropped or kept with one factor per tensor, and as many are kept
/// as the density promises. The random stream itself is free.
final class DropCheck {
    private static final double SIGMAS = 5;
    private static final double SMALL_NORM = 1e-7;

    private final double density;
    private final double epsilon;
    private final boolean rescaled;
    private final boolean rankBiased;
    private final List<String> differences = new ArrayList<>();
    private final TensorCounts all = new TensorCounts();
    private final TensorCounts large = new TensorCounts();
    private final TensorCounts small = new TensorCounts();

    /// Elements kept, against the number expected.
    private static final class TensorCounts {
        private int count;
        private int kept;
        private double mean;
        private double variance;

        void add(boolean keep, double probability) {
            count++;
            kept += keep ? 1 : 0;
            mean += probability;
            variance += probability * (1 - probability);
        }

        @Nullable String difference(String what) {
            return Math.abs(kept - mean) <= SIGMAS * Math.sqrt(variance) + 1
                    ? null
                    : "%s: kept %d of %d, expected about %.0f".formatted(what, kept, count, mean);
        }
    }

    DropCheck(JsonNode property) {
        density = property.path("density").asDouble();
        epsilon = property.path("epsilon").asDouble(0);
        rescaled = property.path("rescale").asString("").equals("l1");
        rankBiased = property.path("rank_biased").asBoolean(false);
    }

    List<String> differences(
            SortedMap<String, StoredTensor> base,
            SortedMap<String, StoredTensor> model,
            SortedMap<String, StoredTensor> output) {
        if (!output.keySet().equals(base.keySet())) {
            differences.add("tensors are " + output.keySet() + ", expected " + base.keySet());
            return differences;
        }
        base.forEach((name, tensor) -> check(name, tensor, model.get(name), output.get(name)));
        addIfWrong(all, "all tensors");
        if (rankBiased) {
            addIfWrong(large, "larger half of each row");
            addIfWrong(small, "smaller half of each row");
        }
        return differences;
    }

    private void addIfWrong(TensorCounts tally, String what) {
        String wrong = tally.difference(what);
        if (wrong != null) {
            differences.add(wrong);
        }
    }

    private void check(
            String name, StoredTensor base, @Nullable StoredTensor model, StoredTensor output) {
        if (model == null
                || !output.shape().equals(base.shape())
                || !output.dtype().equals(base.dtype())) {
            differences.add(
                    "%s: %s %s, expected %s %s"
                            .formatted(
                                    name,
                                    output.dtype(),
                                    output.shape(),
                                    base.dtype(),
                                    base.shape()));
            return;
        }
        int count = base.count();
        double[] delta = new double[count];
        boolean[] kept = new boolean[count];
        double l1 = 0;
        double l1Kept = 0;
        for (int i = 0; i < count; i++) {
            delta[i] = model.value(i) - base.value(i);
            kept[i] = output.value(i) != base.value(i);
            l1 += Math.abs(delta[i]);
            l1Kept += kept[i] ? Math.abs(delta[i]) : 0;
        }
        double factor = rescaled && l1 >= SMALL_NORM && l1Kept >= SMALL_NORM ? l1 / l1Kept : 1;
        for (int i = 0; i < count; i++) {
            double step = output.value(i) - base.value(i);
            double slack =
                    4 * Math.ulp((float) Math.max(Math.abs(base.value(i)), Math.abs(step)))
                            + 1e-5 * Math.abs(factor * delta[i]);
            if (kept[i] && !(Math.abs(step - factor * delta[i]) <= slack)) {
                differences.add(
                        "%s: moved by %s at %d, expected 0 or %s times %s"
                                .formatted(name, step, i, factor, delta[i]));
                return;
            }
        }
        count(name, delta, kept, rowLength(base));
    }

    private static int rowLength(StoredTensor tensor) {
        return tensor.shape().isEmpty() ? 1 : tensor.shape().getLast();
    }

    /// Exact zeros are left out: nobody can see whether they were kept.
    private void count(String name, double[] delta, boolean[] kept, int rowLength) {
        TensorCounts tensor = new TensorCounts();
        for (int start = 0; start < delta.length; start += rowLength) {
            int[] rank = ranks(Arrays.copyOfRange(delta, start, start + rowLength));
            for (int k = 0; k < rowLength; k++) {
                if (delta[start + k] != 0) {
                    double position = rowLength == 1 ? 0.5 : rank[k] / (rowLength - 1.0);
                    double probability =
                            rankBiased ? density + epsilon * (2 * position - 1) : density;
                    tensor.add(kept[start + k], probability);
                    all.add(kept[start + k], probability);
                    (position > 0.5 ? large : small).add(kept[start + k], probability);
                }
            }
        }
        addIfWrong(tensor, name);
    }

    /// The position of each element when sorted by magnitude.
    private static int[] ranks(double[] row) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < row.length; k++) {
            order.add(k);
        }
        order.sort(Comparator.comparingDouble(k -> Math.abs(row[k])));
        int[] ranks = new int[row.length];
        for (int position = 0; position < row.length; position++) {
            ranks[order.get(position)] = position;
        }
        return ranks;
    }
}
