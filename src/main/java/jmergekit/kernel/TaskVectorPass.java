package jmergekit.kernel;

import java.util.Arrays;
import jmergekit.kernel.Combination.Division;
import jmergekit.kernel.Combination.TaskVectorSum;

/// The writing pass of the task vector methods.
final class TaskVectorPass {
    /// Below this the sum of weights does not divide, as a recipe with weights 1 and -1 would else
    /// blow up.
    private static final double SMALLEST_DIVISOR = 1e-8;

    private static final int BASE = 0;
    private static final int SUM = 1;
    private static final int MAJORITY = 2;
    private static final int DIVISOR = 3;
    private static final int FIRST_CONTRIBUTION = 4;

    private final Differences differences;
    private final TaskVectorSum sum;
    private final OutputTensor output;
    private final TileOps ops;
    private final float factor;

    TaskVectorPass(Differences differences, TaskVectorSum sum, OutputTensor output, TileOps ops) {
        this.differences = differences;
        this.sum = sum;
        this.output = output;
        this.ops = ops;
        this.factor = (float) (sum.lambda() / constantDivisor());
    }

    void run(Chunks chunks) {
        chunks.map(
                differences.elements(),
                (chunk, scratch) -> {
                    MaskedTile[] masks = new MaskedTile[differences.count()];
                    for (int i = 0; i < masks.length; i++) {
                        masks[i] = new MaskedTile(sum.masks()[i], chunk.index(), ops);
                    }
                    ChunkOutput out = new ChunkOutput(output, ops, scratch, chunk.from());
                    for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                        out.append(tile(i, n, scratch, masks), n);
                    }
                    out.flush();
                    return 0;
                });
    }

    private float[] tile(long from, int n, Scratch scratch, MaskedTile[] masks) {
        float[] base = scratch.tile(BASE);
        differences.readBase(from, n, base);
        if (sum.elect()) {
            electedSum(from, n, scratch, masks);
        } else {
            plainSum(from, n, scratch, masks);
        }
        ops.addTo(base, scratch.tile(SUM), factor, base, n);
        return base;
    }

    private void plainSum(long from, int n, Scratch scratch, MaskedTile[] masks) {
        float[] total = scratch.tile(SUM);
        float[] tile = scratch.tile(FIRST_CONTRIBUTION);
        Arrays.fill(total, 0, n, 0f);
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                differences.read(i, scratch.tile(BASE), from, n, tile);
                masks[i].apply(tile, n);
                ops.addScaled(total, tile, contributionFactor(i), n);
            }
        }
    }

    private void electedSum(long from, int n, Scratch scratch, MaskedTile[] masks) {
        float[] total = scratch.tile(SUM);
        float[] majority = scratch.tile(MAJORITY);
        float[] divisor = scratch.tile(DIVISOR);
        Arrays.fill(total, 0, n, 0f);
        Arrays.fill(majority, 0, n, 0f);
        Arrays.fill(divisor, 0, n, 0f);
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float[] contribution = scratch.tile(FIRST_CONTRIBUTION + i);
                differences.read(i, scratch.tile(BASE), from, n, contribution);
                masks[i].apply(contribution, n);
                ops.scale(contribution, contributionFactor(i), contribution, n);
                ops.add(majority, contribution, n);
            }
        }
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float weight = (float) sum.weights()[i];
                float[] contribution = scratch.tile(FIRST_CONTRIBUTION + i);
                ops.elect(contribution, majority, weight, total, divisor, n);
            }
        }
        if (sum.division() == Division.ELECTED_WEIGHTS) {
            ops.divide(total, divisor, n);
        }
    }

    private float contributionFactor(int source) {
        return (float) (sum.weights()[source] * sum.scales()[source]);
    }

    private double constantDivisor() {
        if (sum.division() != Division.WEIGHTS) {
            return 1;
        }
        double weights = 0;
        for (int i = 0; i < differences.count(); i++) {
            weights += differences.isBase(i) ? 0 : sum.weights()[i];
        }
        return Math.abs(weights) < SMALLEST_DIVISOR ? 1 : weights;
    }
}
