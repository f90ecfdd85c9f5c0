package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.RamReference;
import org.junit.jupiter.api.Test;

class RamMergeTest implements ContributionContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new RamMerge());
    }

    @Override
    public double[] reference(float[] base, float[][] models, double epsilon) {
        return RamReference.ram(base, models, epsilon);
    }

    @Test
    void loneChangesAreKeptWhole() {
        float[] merged =
                merge().base(10, 10, 10, 10).model(12, 14, 10, 10).model(14, 10, 10, 7).merge();

        assertThat(merged).containsExactly(13, 14, 10, 7);
    }
}
