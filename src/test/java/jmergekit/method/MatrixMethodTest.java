package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import jmergekit.fixture.PolarMerge;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// What methods on whole matrices are given and have to give, shown by one that needs them.
class MatrixMethodTest {
    private static final Offset<Float> NEARLY = Offset.offset(1e-5f);

    @Test
    void theSumOfTheTaskVectorsBecomesARotation() {
        // The sum of the task vectors is [[0, -3], [5, 0]], a quarter turn times a stretch.
        float[] merged =
                polar().base(1, 1, 1, 1)
                        .model(1, -1, 4, 1)
                        .model(1, 0, 3, 1)
                        .shape(2, 2)
                        .set("scale", 2)
                        .merge();

        assertThat(merged).containsExactly(new float[] {1, -1, 3, 1}, NEARLY);
    }

    @Test
    void rowsOfAWideMatrixBecomeOrthonormal() {
        float[] merged = polar().base(new float[6]).model(2, 0, 2, 0, 7, 0).shape(2, 3).merge();

        float half = (float) Math.sqrt(0.5);
        assertThat(merged).containsExactly(new float[] {half, 0, half, 0, 1, 0}, NEARLY);
    }

    @Test
    void aVectorIsOneRowAndHigherRanksKeepTheFirstDimension() {
        float[] vector = polar().base(0, 0).model(3, 4).merge();
        float[] cube = polar().base(new float[4]).model(3, 0, 0, 4).shape(2, 1, 2).merge();

        assertThat(vector).containsExactly(new float[] {0.6f, 0.8f}, NEARLY);
        assertThat(cube).containsExactly(new float[] {1, 0, 0, 1}, NEARLY);
    }

    @Test
    void memoryFollowsFromTheShape() {
        PolarMerge method = new PolarMerge();

        assertThat(method.memory(input(Shape.of(3, 2, 5)))).isEqualTo(4 * (5 * 30 + 9));
        assertThat(method.memory(input(Shape.of(100)))).isEqualTo(4 * (500 + 1));
        assertThat(new TiesMerge().memory(input(Shape.of(100)))).isZero();
    }

    @Test
    void tensorsThatFitNoArrayAreRefusedWhenPlanned() {
        PolarMerge method = new PolarMerge();

        assertThat(method.violation(input(Shape.of(1 << 16, (1 << 15) - 1)))).isEmpty();
        assertThat(method.violation(input(Shape.of(1 << 16, 1 << 15))))
                .contains(
                        "merge method 'polar' supports tensors of at most 2147483639 elements, but"
                                + " there is one of [65536, 32768]");
    }

    @Test
    void aResultOfAnotherSizeIsRefused() {
        MergeMethod transposing =
                new MatrixMethod() {
                    @Override
                    public MethodInfo info() {
                        return MethodInfo.named("turned", "Turned").build();
                    }

                    @Override
                    protected long bytes(int sources, long rows, long columns) {
                        return 0;
                    }

                    @Override
                    protected Matrix merge(MergeInput input, Sources sources) {
                        Matrix matrix = sources.matrix(0);
                        return new Matrix(matrix.values(), matrix.columns(), matrix.rows());
                    }
                };

        assertThatThrownBy(() -> new MergeCase(transposing).model(1, 2).shape(2, 1).merge())
                .hasMessage(
                        "merge method 'turned' returned a matrix of 1 by 2 for a tensor of [2, 1]");
    }

    private static MergeCase polar() {
        return new MergeCase(new PolarMerge());
    }

    private static MergeInput input(Shape shape) {
        return new MergeInput(
                "x",
                shape,
                List.of(0, 1),
                Primitives.NO_BASE,
                0,
                Parameters.of(Map.of("scale", 1.0)));
    }
}
