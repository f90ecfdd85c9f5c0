package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What the methods that compute a change for each element have in common.
interface ElementCases {
    /// A case without sources, in which a lone model's change is kept in full.
    MergeCase merge();

    @Test
    default void tensorOfTheBaseAloneStaysAsItIs() {
        float[] base = {1, -2, -0.0f, Float.NaN, 3e-41f};

        assertThat(merge().base(base).merge()).isEqualTo(base);
    }

    @Test
    default void loneModelIsTakenAsItIs() {
        float[] model = MergeCase.random(1, 5000);

        assertThat(merge().base(MergeCase.random(2, 5000)).model(model).merge()).isEqualTo(model);
    }

    @Test
    default void emptyTensorsAreMerged() {
        assertThat(merge().base().model().model().merge()).isEmpty();
    }

    @Test
    default void scalarsAreMerged() {
        assertThat(merge().shape().base(2).model(5).merge()).containsExactly(5);
    }

    @Test
    default void modelsThatChangedNothingLeaveTheBase() {
        float[] base = {1, -2, 3e-41f};

        assertThat(merge().base(base).model(base).model(base).merge()).isEqualTo(base);
    }

    @Test
    default void baseMayBeListedAnywhere() {
        float[] base = MergeCase.random(1, 100);
        float[] one = MergeCase.random(2, 100);
        float[] two = MergeCase.random(3, 100);

        assertThat(merge().model(one).base(base).model(two).merge())
                .isEqualTo(merge().base(base).model(one).model(two).merge());
    }

    /// Twice the changes, and a base of 0, give twice the result.
    @Test
    default void changesOfAnotherScaleGiveTheSameMerge() {
        float[] base = new float[1000];
        float[] one = MergeCase.random(2, base.length);
        float[] two = MergeCase.random(3, base.length);

        float[] merged = merge().base(base).model(one).model(two).merge();

        assertThat(
                        merge().base(base)
                                .model(Directions.times(2, one))
                                .model(Directions.times(2, two))
                                .merge())
                .isEqualTo(Directions.times(2, merged));
    }

    @Test
    default void nonFiniteChangesDoNotStopTheMerge() {
        float[] merged =
                merge().base(1, 2, 3, 4)
                        .model(Float.NaN, Float.POSITIVE_INFINITY, 3, 5)
                        .model(1, Float.NEGATIVE_INFINITY, Float.NaN, 5)
                        .merge();

        assertThat(merged).hasSize(4);
        assertThat(Float.isFinite(merged[3])).isTrue();
    }
}
