package jmergekit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StridesTest {
    @Test
    void rowMajorStridesAreTheSizesBehind() {
        assertThat(Strides.rowMajor(Shape.of(2, 3, 4))).isEqualTo(Strides.of(12, 4, 1));
        assertThat(Strides.rowMajor(Shape.of())).isEqualTo(Strides.of());
    }

    @Test
    void stridesOfDimensionsOfSizeOneDoNotMatter() {
        assertThat(Strides.of(7, 3, 99, 1).areRowMajor(Shape.of(1, 2, 1, 3))).isTrue();
        assertThat(Strides.of(1, 2).areRowMajor(Shape.of(2, 3))).isFalse();
        assertThat(Strides.of(4, 1).areRowMajor(Shape.of(2, 3))).isFalse();
        assertThat(Strides.of(0).areRowMajor(Shape.of(2))).isFalse();
    }

    @Test
    void emptyTensorsAreRowMajorAndSpanNothing() {
        assertThat(Strides.of(5, 9).areRowMajor(Shape.of(0, 3))).isTrue();
        assertThat(Strides.of(5, 9).span(Shape.of(0, 3))).isZero();
    }

    @Test
    void spanReachesFromTheFirstElementToTheLast() {
        assertThat(Strides.of().span(Shape.of())).isEqualTo(1);
        assertThat(Strides.of(3, 1).span(Shape.of(2, 3))).isEqualTo(6);
        assertThat(Strides.of(10, 2).span(Shape.of(2, 3))).isEqualTo(10 + 4 + 1);
        assertThat(Strides.of(0, 1).span(Shape.of(1000, 3))).isEqualTo(3);
    }

    @Test
    void spanThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> Strides.of(Long.MAX_VALUE).span(Shape.of(3)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Strides.of(Long.MAX_VALUE).span(Shape.of(2)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void negativeStridesAreRefused() {
        assertThatThrownBy(() -> Strides.of(-1)).hasMessage("negative stride -1");
    }
}
