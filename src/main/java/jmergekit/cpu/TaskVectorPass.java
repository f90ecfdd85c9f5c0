package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The writing pass of the task vector methods.
final class TaskVectorPass {
    private static final int BASE = 0;
    private static final int SUM = 1;
    private static final int MAJORITY = 2;
    private static final int DIVISOR = 3;
    private static final int FIRST_CONTRIBUTION = 4;

    private final Differences differences;
    private final TaskVectorSum sum;
    private final TileOps ops;
    private final float factor;

    TaskVectorPass(Differences differences, TaskVectorSum sum, TileOps ops) {
        this.differences = differences;
        this.sum = sum;
        this.ops = ops;
        this.factor = sum.factor(differences.base());
    }

    void run(Chunks chunks, OutputTensor output) {
        OutputPass.run(
                chunks,
                output,
                ops,
                (chunk, scratch) -> {
                    MaskedTiles masks =
                            new MaskedTiles(sum.masks(), chunk, differences, ops, scratch);
                    return (from, n) -> tile(from, n, scratch, masks);
                });
    }

    private float[] tile(long from, int n, Scratch scratch, MaskedTiles masks) {
        float[] base = scratch.tile(BASE);
        differences.readBase(from, n, base);
        masks.begin(base, from, n);
        Arrays.fill(scratch.tile(SUM), 0, n, 0f);
        if (sum.election() == Election.NONE) {
            plainSum(from, n, scratch, masks);
        } else {
            electedSum(from, n, scratch, masks);
        }
        ops.addTo(base, scratch.tile(SUM), factor, base, n);
        return base;
    }

    private void plainSum(long from, int n, Scratch scratch, MaskedTiles masks) {
        float[] total = scratch.tile(SUM);
        float[] tile = scratch.tile(FIRST_CONTRIBUTION);
        for (int i = 0; i < differences.count(); i++) {
            float weight = (float) (sum.weights()[i] * sum.scales()[i]);
            if (differences.isBase(i)) {
                continue;
            }
            if (sum.masks()[i] instanceof Mask.All) {
                differences.add(i, scratch.tile(BASE), from, n, weight, total, tile);
            } else {
                differences.read(i, scratch.tile(BASE), from, n, tile);
                masks.apply(i, tile, from, n);
                ops.addScaled(total, tile, weight, n);
            }
        }
    }

    private void electedSum(long from, int n, Scratch scratch, MaskedTiles masks) {
        boolean weighted = sum.election() == Election.WEIGHTED;
        float[] total = scratch.tile(SUM);
        float[] majority = scratch.tile(MAJORITY);
        float[] divisor = scratch.tile(DIVISOR);
        Arrays.fill(majority, 0, n, 0f);
        Arrays.fill(divisor, 0, n, 0f);
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float[] vote = scratch.tile(FIRST_CONTRIBUTION + i);
                differences.read(i, scratch.tile(BASE), from, n, vote);
                masks.apply(i, vote, from, n);
                double weight = weighted ? sum.weights()[i] : 1;
                ops.scale(vote, (float) (weight * sum.scales()[i]), vote, n);
                ops.add(majority, vote, n);
            }
        }
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                float weight = (float) sum.weights()[i];
                float[] contribution = scratch.tile(FIRST_CONTRIBUTION + i);
                if (!weighted) {
                    ops.scale(contribution, weight, contribution, n);
                }
                ops.elect(contribution, majority, weight, total, divisor, n);
            }
        }
        if (sum.division() == Division.ELECTED_WEIGHTS) {
            ops.divide(total, divisor, n);
        }
    }
}
