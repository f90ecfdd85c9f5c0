package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.cpu.ThresholdSearch.Bracket;
import jmergekit.primitive.Scratch;
import jmergekit.tile.ScalarTileOps;
import org.jspecify.annotations.Nullable;

/// A sample of a measure's magnitudes, taken in short runs from all over the tensor.
final class MagnitudeSample {
    private static final int RUN = 128;
    private static final int RUNS = 256;

    /// Tolerance for the rank of a sampled quantile, as a fraction of the sample: about four
    /// standard errors of 32,768 independent samples at the median. Rows of different scale make
    /// samples dependent; a miss only costs another pass. A larger sample would take longer than
    /// the narrower bracket saves.
    private static final double MARGIN = 0.012;

    /// Margin for the low bits that are 0 in the whole sample: this many of them may be set in
    /// magnitudes outside the sample. Magnitudes that set lower ones and share the threshold's bin
    /// are very rare.
    private static final int DOUBTFUL_BITS = 3;

    private static final int MAX_ZERO_BITS = 16;

    private final Differences differences;
    private final Measure measure;
    private final Scratch spares = new Scratch();
    private int @Nullable [] sample;

    MagnitudeSample(Differences differences, Measure measure) {
        this.differences = differences;
        this.measure = measure;
    }

    Measure measure() {
        return measure;
    }

    /// All magnitudes, in order; for tensors of at most [SortOrder#MAX_ELEMENTS].
    int[] all() {
        int[] magnitudes = new int[Math.toIntExact(differences.elements())];
        for (int from = 0; from < magnitudes.length; from += RUN) {
            read(from, Math.min(RUN, magnitudes.length - from), magnitudes, from);
        }
        return magnitudes;
    }

    /// The probable range of the `keep`-th largest magnitude.
    Bracket bracket(long keep) {
        return bracket(sample(), (double) keep / differences.elements());
    }

    /// The same for a fraction of the nonzero elements.
    Bracket bracketOfNonzero(double share) {
        int[] sample = sample();
        long zeros = Arrays.stream(sample).filter(m -> m == 0).count();
        return bracket(sample, share * (sample.length - zeros) / sample.length);
    }

    private int[] sample() {
        if (sample == null) {
            sample = new int[RUNS * RUN];
            long step = (differences.elements() - RUN) / (RUNS - 1);
            for (int run = 0; run < RUNS; run++) {
                read(step * run, RUN, sample, run * RUN);
            }
        }
        return sample;
    }

    private static Bracket bracket(int[] sample, double rank) {
        int upper = quantile(sample, rank - MARGIN);
        int lower = quantile(sample, rank + MARGIN);
        int bits = 0;
        for (int magnitude : sample) {
            bits |= magnitude >= lower && magnitude <= upper ? magnitude : 0;
        }
        return new Bracket(lower, upper, zeroBits(bits));
    }

    private static int zeroBits(int magnitudes) {
        int sampled = Math.min(MAX_ZERO_BITS, Integer.numberOfTrailingZeros(magnitudes));
        return Math.max(0, sampled - DOUBTFUL_BITS);
    }

    private void read(long from, int n, int[] into, int at) {
        float[] base = spares.tile(0);
        float[] tile = spares.tile(1);
        differences.readBase(from, n, base);
        measure.read(base, from, n, spares, tile);
        for (int i = 0; i < n; i++) {
            into[at + i] = ScalarTileOps.magnitude(tile[i]);
        }
    }

    private static int quantile(int[] sample, double rank) {
        int k = Math.clamp(Math.round(rank * sample.length), 1, sample.length);
        return QuickSelect.of(sample, sample.length, k);
    }
}
