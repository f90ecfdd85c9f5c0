package jmergekit.transplant;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// Approximates shared tokens as if the model did not have them.
///
/// @param all the approximation made from all atoms
/// @param held the numbers of the held-out atoms
record HeldOut(Approximations maker, Approximation all, Atoms atoms, int[] held) {
    private static final int MOST = 256;

    /// Evenly spaced atoms. A map that is fitted to the atoms is fitted only to the others, so
    /// most atoms must not be held out.
    static int[] places(ApproximationMethod method, int atoms) {
        int count = Math.min(MOST, isFitted(method) ? atoms / 4 : atoms > 1 ? atoms : 0);
        return IntStream.range(0, count).map(i -> (int) ((long) i * atoms / count)).toArray();
    }

    private static boolean isFitted(ApproximationMethod method) {
        return method == ApproximationMethod.LANDMARK_PCA || method == ApproximationMethod.STB;
    }

    /// The fidelity, by the name of the table.
    Map<String, Fidelity> measure() {
        if (held.length == 0) {
            return Map.of();
        }
        if (isFitted(maker.plan().options().method())) {
            try (Approximation fitted = maker.of(atoms.without(held))) {
                return measure(fitted, false);
            }
        }
        return measure(all, true);
    }

    private Map<String, Fidelity> measure(Approximation approximation, boolean leaveOut) {
        int tables = maker.tables().size();
        Fidelity.Sums[] sums = new Fidelity.Sums[tables];
        Arrays.setAll(sums, _ -> new Fidelity.Sums());
        int step = Math.min(64, approximation.batchSize());
        for (int from = 0; from < held.length; from += step) {
            int[] part = Arrays.copyOfRange(held, from, Math.min(held.length, from + step));
            int[] tokens = IntStream.of(part).map(i -> atoms.donorIds()[i]).toArray();
            TokenBatch batch = leaveOut ? new TokenBatch(tokens, part) : TokenBatch.of(tokens);
            float[][] found = new float[tables][];
            for (int t = 0; t < tables; t++) {
                found[t] = new float[part.length * maker.tables().get(t).columns()];
            }
            approximation.rows(batch, found);
            for (int t = 0; t < tables; t++) {
                add(part, maker.tables().get(t), maker.means().get(t), found[t], sums[t]);
            }
        }
        Map<String, Fidelity> results = new LinkedHashMap<>();
        for (int t = 0; t < tables; t++) {
            if (maker.tables().get(t).columns() > 1) {
                results.put(maker.names().get(t), sums[t].result());
            }
        }
        return results;
    }

    private void add(int[] part, Rows model, double[] mean, float[] found, Fidelity.Sums sums) {
        float[] own = new float[model.columns()];
        float[] narrow = WeightedRows.narrow(mean);
        for (int i = 0; i < part.length; i++) {
            model.read(atoms.modelIds()[part[i]], own);
            sums.add(own, found, i * own.length, narrow);
        }
    }
}
