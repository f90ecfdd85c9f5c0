package jmergekit.cpu;

import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The passes over differences that count as contributions only above a threshold.
///
/// Source: Yuan et al., "Behavior knowledge merge in reinforced agentic models",
/// <https://arxiv.org/abs/2601.13572>.
final class ContributionPass {
    private static final int BASE = 0;
    private static final int SUM = 1;
    private static final int SOLE = 2;
    private static final int COUNT = 3;
    private static final int FIRST_DIFFERENCE = 4;

    private final Differences differences;
    private final TileOps ops;

    ContributionPass(Differences differences, TileOps ops) {
        this.differences = differences;
        this.ops = ops;
    }

    /// [jmergekit.primitive.Primitives#contributions].
    long[][] count(Chunks chunks, double epsilon) {
        List<long[][]> parts =
                chunks.map(
                        differences.elements(),
                        (chunk, scratch) -> {
                            long[][] counts = new long[differences.count()][2];
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                                count(i, n, (float) epsilon, scratch, counts);
                            }
                            return counts;
                        });
        long[][] counts = new long[differences.count()][2];
        for (long[][] part : parts) {
            for (int i = 0; i < counts.length; i++) {
                counts[i][0] += part[i][0];
                counts[i][1] += part[i][1];
            }
        }
        return counts;
    }

    private void count(long from, int n, float epsilon, Scratch scratch, long[][] counts) {
        double[] ones = new double[differences.count()];
        Arrays.fill(ones, 1);
        contribute(from, n, epsilon, ones, scratch);
        float[] count = scratch.tile(COUNT);
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float[] difference = scratch.tile(FIRST_DIFFERENCE + i);
                int all = ops.countContributions(difference, epsilon, count, Float.MAX_VALUE, n);
                int sole = ops.countContributions(difference, epsilon, count, 1, n);
                counts[i][0] += sole;
                counts[i][1] += all - sole;
            }
        }
    }

    /// [ContributionMean].
    void run(Chunks chunks, ContributionMean mean, OutputTensor output) {
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) ->
                        (from, n) -> {
                            contribute(from, n, (float) mean.epsilon(), mean.soleScales(), scratch);
                            float[] base = scratch.tile(BASE);
                            float[] sum = scratch.tile(SUM);
                            ops.meanOrSole(sum, scratch.tile(SOLE), scratch.tile(COUNT), n);
                            ops.add(base, sum, n);
                            return base;
                        });
    }

    private void contribute(long from, int n, float epsilon, double[] scales, Scratch scratch) {
        for (int tile = SUM; tile <= COUNT; tile++) {
            Arrays.fill(scratch.tile(tile), 0, n, 0f);
        }
        differences.readBase(from, n, scratch.tile(BASE));
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float[] difference = scratch.tile(FIRST_DIFFERENCE + i);
                differences.read(i, scratch.tile(BASE), from, n, difference);
                ops.contribute(
                        difference,
                        epsilon,
                        (float) scales[i],
                        scratch.tile(SUM),
                        scratch.tile(SOLE),
                        scratch.tile(COUNT),
                        n);
            }
        }
    }
}
