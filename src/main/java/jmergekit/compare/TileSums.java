package jmergekit.compare;

import java.util.List;
import java.util.stream.IntStream;
import jmergekit.primitive.Scratch;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// Accumulates the tiles of a part of a tensor. Not thread-safe.
final class TileSums {
    /// The bits of the magnitude from which differences may be infinite.
    private static final int LARGE = Float.floatToRawIntBits(0x1p126f);

    private final TileOps ops;
    private final List<SourceTensor> versions;
    private final int count;
    private final double[][][] lanes;
    private final long[] nan;
    private final long[] infinite;
    // For the current tile.
    private final int[] tops;
    private final int[] largest;
    private final int[] largestChange;
    private final long[] unchanged;
    private final long[] flipped;
    private final long[][] changedByBoth;
    private final long[][] conflicts;
    private final SampledChanges[] samples;
    private long elements;

    TileSums(List<SourceTensor> versions, TileOps ops) {
        this.ops = ops;
        this.versions = versions;
        this.count = versions.size();
        this.lanes = new double[count][count][TileOps.LANES];
        this.nan = new long[count];
        this.infinite = new long[count];
        this.tops = new int[count];
        this.largest = new int[count];
        this.largestChange = new int[count];
        this.unchanged = new long[count];
        this.flipped = new long[count];
        this.changedByBoth = new long[count][count];
        this.conflicts = new long[count][count];
        this.samples =
                IntStream.range(0, count)
                        .mapToObj(_ -> new SampledChanges(versions.getFirst().dtype()))
                        .toArray(SampledChanges[]::new);
    }

    /// Adds elements `from` to `from + n`.
    ///
    /// @param sampled whether to sample them in detail
    void add(long from, int n, Scratch scratch, boolean sampled) {
        boolean finite = true;
        for (int i = 0; i < count; i++) {
            float[] x = scratch.tile(i);
            versions.get(i).read(from, n, x);
            tops[i] = ops.largestMagnitude(x, n);
            finite &= tops[i] < LARGE;
        }
        int leftOut = finite ? 0 : leaveOutNonFinite(n, scratch);
        elements += n - leftOut;
        float[] reference = scratch.tile(0);
        largest[0] = Math.max(largest[0], tops[0]);
        ops.dot(reference, reference, n, lanes[0][0]);
        for (int i = 1; i < count; i++) {
            float[] change = scratch.difference(i);
            largest[i] = Math.max(largest[i], tops[i]);
            ops.subtract(scratch.tile(i), reference, change, n);
            int greatest = ops.largestMagnitude(change, n);
            if (greatest == 0) {
                unchanged[i] += n - leftOut;
            } else {
                largestChange[i] = Math.max(largestChange[i], greatest);
                addChange(i, change, n, scratch);
                unchanged[i] -= leftOut;
            }
            if (sampled) {
                samples[i].add(reference, change, n, leftOut);
            }
        }
    }

    private void addChange(int i, float[] change, int n, Scratch scratch) {
        float[] reference = scratch.tile(0);
        unchanged[i] += ops.countEqual(change, n, 0);
        flipped[i] += ops.countSigns(reference, scratch.tile(i), n) >>> 32;
        ops.dot(reference, change, n, lanes[0][i]);
        ops.dot(change, change, n, lanes[i][i]);
        for (int j = 1; j < i; j++) {
            float[] other = scratch.difference(j);
            ops.dot(change, other, n, lanes[j][i]);
            long signs = ops.countSigns(change, other, n);
            changedByBoth[j][i] += signs & 0xffff_ffffL;
            conflicts[j][i] += signs >>> 32;
        }
    }

    // Counts non-finite elements and zeroes them in all versions. Returns their number.
    private int leaveOutNonFinite(int n, Scratch scratch) {
        int leftOut = 0;
        for (int e = 0; e < n; e++) {
            boolean finite = true;
            for (int i = 0; i < count; i++) {
                float x = scratch.tile(i)[e];
                nan[i] += Float.isNaN(x) ? 1 : 0;
                infinite[i] += Float.isInfinite(x) ? 1 : 0;
                finite &= Float.isFinite(x) && Float.isFinite(x - scratch.tile(0)[e]);
            }
            if (!finite) {
                leftOut++;
                for (int i = 0; i < count; i++) {
                    scratch.tile(i)[e] = 0;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            tops[i] = ops.largestMagnitude(scratch.tile(i), n);
        }
        return leftOut;
    }

    Sums sums() {
        double[][] products = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] = Lanes.total(lanes[j][i]);
                products[j][i] = products[i][j];
                changedByBoth[i][j] = changedByBoth[j][i];
                conflicts[i][j] = conflicts[j][i];
            }
        }
        return new Sums(
                elements,
                products,
                nan.clone(),
                infinite.clone(),
                magnitudes(largest),
                magnitudes(largestChange),
                unchanged.clone(),
                flipped.clone(),
                copy(changedByBoth),
                copy(conflicts),
                IntStream.range(0, count)
                        .mapToObj(i -> samples[i].sample())
                        .toArray(ChangeSample[]::new));
    }

    private static double[] magnitudes(int[] bits) {
        return IntStream.of(bits).mapToDouble(Float::intBitsToFloat).toArray();
    }

    private static long[][] copy(long[][] counts) {
        return IntStream.range(0, counts.length)
                .mapToObj(i -> counts[i].clone())
                .toArray(long[][]::new);
    }
}
