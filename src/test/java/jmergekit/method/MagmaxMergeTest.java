package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.MagmaxReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MagmaxMergeTest implements ElementCases {
    @Override
    public MergeCase merge() {
        return new MergeCase(new MagmaxMerge()).set("lambda", 1);
    }

    @Test
    void largestChangeIsTakenWithItsSign() {
        float[] merged =
                merge().base(10, 10, 10)
                        .model(12, 9, 10)
                        .model(9, 7, 10.5f)
                        .model(11, 12, 10)
                        .merge();

        assertThat(merged).containsExactly(12, 7, 10.5f);
    }

    @Test
    void ofEqualChangesTheFirstModelsIsTaken() {
        assertThat(merge().base(0, 0).model(-1, 2).model(1, -2).merge()).containsExactly(-1, 2);
    }

    @Test
    void halfOfTheChangeIsTheDefault() {
        MergeCase merge = new MergeCase(new MagmaxMerge());

        assertThat(merge.base(10, 10).model(14, 10).model(10, 8).merge()).containsExactly(12, 9);
    }

    @Test
    void lambdaOfZeroLeavesTheBase() {
        assertThat(merge().set("lambda", 0).base(1, 2).model(3, 4).merge()).containsExactly(1, 2);
    }

    @Test
    void orderOfTheModelsMattersOnlyWhereChangesAreEqual() {
        float[] base = MergeCase.random(1, 5000);
        float[] one = MergeCase.random(2, 5000);
        float[] two = MergeCase.random(3, 5000);

        float[] merged = merge().base(base).model(one).model(two).merge();
        float[] swapped = merge().base(base).model(two).model(one).merge();

        for (int i = 0; i < base.length; i++) {
            float first = one[i] - base[i];
            float second = two[i] - base[i];
            boolean equal = Math.abs(first) == Math.abs(second);
            assertThat(swapped[i]).isEqualTo(equal ? base[i] + second : merged[i]);
        }
    }

    @ParameterizedTest
    @FieldSource("jmergekit.method.MergeCase#SIZES")
    void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[][] models = {
            MergeCase.random(size + 1, size),
            MergeCase.random(size + 2, size),
            MergeCase.random(size + 3, size)
        };

        float[] merged =
                merge().set("lambda", 0.7)
                        .base(base)
                        .model(models[0])
                        .model(models[1])
                        .model(models[2])
                        .merge();

        assertThat(MergeCase.differing(merged, MagmaxReference.merge(base, models, 0.7))).isEmpty();
    }
}
