package jmergekit.kernel;

import java.util.List;

/// Finds the k-th largest magnitude of one source's differences from the base, exactly, in one
/// reading pass in the usual case.
///
/// A sample brackets the threshold; a pass over everything counts what lies above the bracket and
/// makes a histogram of what lies inside, one bin for each float. Should the bracket have missed or
/// be too wide for the bins, further passes narrow it. Memory is bounded, whatever the size of the
/// tensor and however many of its magnitudes are equal.
final class Selection {
    private static final int SAMPLE_RUN = 512;
    private static final int SAMPLE_RUNS = 256;
    static final int MAX_BINS = 1 << 20;

    /// Rank error allowed for around the sampled quantile, as a fraction of the sample: about six
    /// standard errors of 131,072 independent samples at the median. Rows of different scale make
    /// samples dependent; a miss only costs another pass.
    private static final double MARGIN = 0.008;

    private final Differences differences;
    private final int source;
    private final TileOps ops;
    private final Chunks chunks;
    private final long keep;

    Selection(Differences differences, int source, long keep, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.source = source;
        this.keep = keep;
        this.ops = ops;
        this.chunks = chunks;
    }

    /// Inclusive bounds of magnitudes; a histogram of them has bins of `1 << shift` magnitudes.
    private record Bracket(int low, int high) {
        int shift() {
            int shift = 0;
            while (((high - low) >>> shift) >= MAX_BINS) {
                shift++;
            }
            return shift;
        }

        int bins() {
            return ((high - low) >>> shift()) + 1;
        }
    }

    private record Counts(long above, long[] bins) {}

    Mask mask() {
        if (keep >= differences.elements()) {
            return Mask.ALL;
        }
        if (keep <= 0) {
            return Mask.NONE;
        }
        Bracket bracket = sampledBracket();
        while (true) {
            Counts counts = count(bracket);
            if (counts.above >= keep) {
                bracket = new Bracket(bracket.high + 1, Integer.MAX_VALUE);
                continue;
            }
            long above = counts.above;
            int bin = counts.bins.length - 1;
            while (bin >= 0 && above + counts.bins[bin] < keep) {
                above += counts.bins[bin--];
            }
            if (bin < 0) {
                bracket = new Bracket(0, bracket.low - 1);
            } else if (bracket.shift() == 0) {
                return largest(bracket.low + bin, keep - above, counts.bins[bin]);
            } else {
                int low = bracket.low + (bin << bracket.shift());
                int width = 1 << bracket.shift();
                bracket = new Bracket(low, Math.min(bracket.high, low + width - 1));
            }
        }
    }

    private Bracket sampledBracket() {
        long elements = differences.elements();
        boolean all = elements <= (long) SAMPLE_RUN * SAMPLE_RUNS;
        int runs = all ? Math.toIntExact((elements + SAMPLE_RUN - 1) / SAMPLE_RUN) : SAMPLE_RUNS;
        int[] sample = new int[runs * SAMPLE_RUN];
        float[] baseTile = new float[SAMPLE_RUN];
        float[] tile = new float[SAMPLE_RUN];
        int size = 0;
        for (int run = 0; run < runs; run++) {
            long from = all ? (long) run * SAMPLE_RUN : (elements - SAMPLE_RUN) / (runs - 1) * run;
            int n = (int) Math.min(SAMPLE_RUN, elements - from);
            differences.readBoth(source, from, n, baseTile, tile);
            for (int i = 0; i < n; i++) {
                sample[size++] = Float.floatToRawIntBits(tile[i]) & Integer.MAX_VALUE;
            }
        }
        double rank = (double) keep / elements;
        double margin = all ? 0 : MARGIN;
        int upper = sampled(sample, size, rank - margin);
        int lower = sampled(sample, size, rank + margin);
        return new Bracket(lower, upper);
    }

    private static int sampled(int[] sample, int size, double rank) {
        int k = Math.clamp(Math.round(rank * size), 1, size);
        return KthLargest.of(sample, size, k);
    }

    private Counts count(Bracket bracket) {
        long[] bins = new long[bracket.bins()];
        int shift = bracket.shift();
        List<Long> above =
                chunks.map(
                        differences.elements(),
                        (chunk, scratch) -> {
                            int[] own = scratch.bins(bins.length);
                            long found = 0;
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                                float[] tile = scratch.tile(1);
                                differences.readBoth(source, i, n, scratch.tile(0), tile);
                                found +=
                                        ops.countMagnitudes(
                                                tile, n, bracket.low, bracket.high, shift, own);
                            }
                            addInto(bins, own);
                            return found;
                        });
        return new Counts(above.stream().mapToLong(Long::longValue).sum(), bins);
    }

    // Integer sums do not depend on the order of the chunks.
    private static void addInto(long[] bins, int[] own) {
        synchronized (bins) {
            for (int i = 0; i < bins.length; i++) {
                bins[i] += own[i];
            }
        }
    }

    private Mask largest(int magnitude, long equalWanted, long equalFound) {
        if (equalWanted == equalFound) {
            return new Mask.Largest(magnitude, null);
        }
        List<Long> equal =
                chunks.map(
                        differences.elements(),
                        (chunk, scratch) -> {
                            long found = 0;
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                                float[] tile = scratch.tile(1);
                                differences.readBoth(source, i, n, scratch.tile(0), tile);
                                found += ops.countEqual(tile, n, magnitude);
                            }
                            return found;
                        });
        long[] kept = new long[equal.size()];
        long left = equalWanted;
        for (int c = 0; c < kept.length; c++) {
            kept[c] = Math.min(left, equal.get(c));
            left -= kept[c];
        }
        return new Mask.Largest(magnitude, kept);
    }
}
