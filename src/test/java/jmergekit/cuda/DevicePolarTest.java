package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A GPU's polar factors are those of EJML's singular value decomposition.
@RequiresGpu
class DevicePolarTest {
    @RegisterExtension static final BothProcessors BOTH = new BothProcessors();

    private static final double CUT = 1e-5;
    private static final TestTensor ANY =
            new TestTensor(Shape.of(1), Primitives.NO_BASE).computed(new float[1]);

    /// Sizes on both sides of a tile's, which is 128.
    static final List<Shape> SIZES =
            List.of(
                    Shape.of(1, 1),
                    Shape.of(1, 700),
                    Shape.of(300, 1),
                    Shape.of(17, 16),
                    Shape.of(127, 128),
                    Shape.of(129, 130),
                    Shape.of(60, 261),
                    Shape.of(261, 60));

    @ParameterizedTest
    @FieldSource("SIZES")
    void matricesOfRandomNumbers(Shape size) {
        Random random = new Random(1);
        Matrix matrix = matrix((int) size.size(0), (int) size.size(1));
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }

        assertNear(polar(matrix, CUT), reference(matrix, CUT), 1e-6);
    }

    @Test
    void aVectorIsDividedByItsLength() {
        Matrix row = new Matrix(new float[] {3, 0, -4}, 1, 3);
        Matrix column = new Matrix(new float[] {3, 0, -4}, 3, 1);

        assertThat(polar(row, CUT).values()).containsExactly(0.6f, 0, -0.8f);
        assertThat(polar(column, CUT).values()).containsExactly(0.6f, 0, -0.8f);
    }

    @Test
    void zeroDirectionsStayZero() {
        // As task vectors made from an adapter of rank 5 are: float32 rounding errors elsewhere.
        Matrix matrix = withValues(90, 140, 3, 2, 1, 0.5, 0.001);

        Matrix factor = polar(matrix, CUT);

        assertNear(factor, reference(matrix, CUT), 1e-6);
        assertThat(squareSum(factor)).isCloseTo(5, within(1e-5));
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void illConditionedMatrices(Shape size) {
        int rows = (int) size.size(0);
        int columns = (int) size.size(1);
        double[] values = new double[Math.min(rows, columns)];
        Arrays.setAll(
                values, i -> Math.pow(1.5 * CUT, (double) i / Math.max(1, values.length - 1)));
        Matrix matrix = withValues(rows, columns, values);

        assertNear(polar(matrix, CUT), reference(matrix, CUT), 1e-6);
    }

    @Test
    void cutsAreSharp() {
        for (double cut : new double[] {1e-6, 1e-5, 1e-3, 0.1, 0.4}) {
            // A diagonal matrix, so that no rounding of its elements changes its singular values.
            Matrix matrix = diagonal(1, 0.9, 1.14 * cut, cut, cut / 3, cut / 1e3, 0);

            float[] factor = polar(matrix, cut).values();

            assertThat(List.of(factor[0], factor[8], factor[16]))
                    .allSatisfy(x -> assertThat(x).isCloseTo(1, within(1e-5f)));
            assertThat(List.of(factor[24], factor[32], factor[40], factor[48]))
                    .allSatisfy(x -> assertThat(x).isCloseTo(0, within(1e-5f)));
        }
    }

    @Test
    void nearTheCutADirectionIsKeptInPart() {
        Matrix matrix = diagonal(1, 1.05 * CUT);

        assertThat(polar(matrix, CUT).values()[3]).isBetween(0f, 1f);
    }

    @Test
    void theFactorDoesNotDependOnTheScale() {
        Matrix matrix = withValues(20, 30, 4, 3, 2, 1);
        Matrix small = matrix(20, 30);
        Matrix large = matrix(20, 30);
        for (int i = 0; i < 600; i++) {
            small.values()[i] = matrix.values()[i] * 0x1p-90f;
            large.values()[i] = matrix.values()[i] * 0x1p100f;
        }

        assertNear(polar(small, CUT), reference(matrix, CUT), 1e-6);
        assertNear(polar(large, CUT), reference(matrix, CUT), 1e-6);
    }

    @Test
    void theTransposeHasTheTransposedFactor() {
        Matrix matrix = withValues(30, 20, 4, 3, 2, 1);

        assertThat(polar(transposed(matrix), CUT).values())
                .containsExactly(transposed(polar(matrix, CUT)).values());
    }

    @Test
    void zerosStayZerosAndOthersNaN() {
        assertThat(polar(matrix(5, 9), CUT).values()).containsOnly(0f);
        assertThat(polar(matrix(0, 9), CUT).values()).isEmpty();
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Matrix matrix = withValues(5, 9, 1);
            matrix.values()[7] = odd;
            assertThat(polar(matrix, CUT).values()).containsOnly(Float.NaN);
        }
    }

    @Test
    void theSameEveryTimeAlsoInTheMemoryOfOtherStreams() throws NoGpuException {
        Matrix matrix = withValues(140, 90, 3, 2, 1, 0.5, 0.001);
        Matrix first = polar(matrix, CUT);

        assertThat(polar(matrix, CUT).values()).containsExactly(first.values());
        Gpu gpu = new Gpu(Driver.load(), 0, KernelText.load());
        try {
            gpu.open(1 << 20).reserve(1 << 20);
            DeviceStream narrow = gpu.open(1000);
            assertThat(DevicePolar.of(matrix, CUT, narrow).orElseThrow().values())
                    .containsExactly(first.values());
        } finally {
            gpu.close();
        }
    }

    @Test
    void theCpuLeavesItToTheMethod() {
        assertThat(BOTH.ask(ANY, p -> p.polar(matrix(2, 2), CUT)).cpu()).isEmpty();
    }

    @Test
    void otherCutsAreRefused() {
        for (double cut : new double[] {0, 1e-7, 0.6, Double.NaN}) {
            assertThatThrownBy(() -> polar(diagonal(1, 2), cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Matrix polar(Matrix matrix, double cut) {
        Optional<Matrix> factor = BOTH.ask(ANY, p -> p.polar(matrix, cut)).gpu();
        assertThat(factor).isPresent();
        assertThat(factor.get().rows()).isEqualTo(matrix.rows());
        return factor.get();
    }

    private static DMatrixRMaj reference(Matrix matrix, double cut) {
        DMatrixRMaj wide = new DMatrixRMaj(matrix.rows(), matrix.columns());
        Arrays.setAll(wide.data, i -> matrix.values()[i]);
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(matrix.rows(), matrix.columns(), true, true, true);
        assertThat(svd.decompose(wide)).isTrue();
        double largest = Arrays.stream(svd.getSingularValues()).max().orElse(0);
        DMatrixRMaj signs = new DMatrixRMaj(1, 1);
        signs.reshape(svd.numberOfSingularValues(), svd.numberOfSingularValues());
        for (int i = 0; i < signs.numRows; i++) {
            signs.set(i, i, svd.getSingularValues()[i] > cut * largest ? 1 : 0);
        }
        return product(product(svd.getU(null, false), signs), svd.getV(null, true));
    }

    private static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj product = new DMatrixRMaj(a.numRows, b.numCols);
        CommonOps_DDRM.mult(a, b, product);
        return product;
    }

    /// A matrix of these singular values, and of random singular vectors.
    private static Matrix withValues(int rows, int columns, double... values) {
        Random random = new Random(2);
        DMatrixRMaj left = RandomMatrices_DDRM.orthogonal(rows, values.length, random);
        DMatrixRMaj right = RandomMatrices_DDRM.orthogonal(columns, values.length, random);
        CommonOps_DDRM.transpose(right);
        DMatrixRMaj product = product(product(left, CommonOps_DDRM.diag(values)), right);
        return narrowed(product);
    }

    private static Matrix narrowed(DMatrixRMaj wide) {
        Matrix matrix = matrix(wide.numRows, wide.numCols);
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = (float) wide.data[i];
        }
        return matrix;
    }

    private static Matrix diagonal(double... values) {
        return narrowed(CommonOps_DDRM.diag(values));
    }

    private static Matrix matrix(int rows, int columns) {
        return new Matrix(new float[rows * columns], rows, columns);
    }

    private static Matrix transposed(Matrix matrix) {
        Matrix transposed = matrix(matrix.columns(), matrix.rows());
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                transposed.values()[j * matrix.rows() + i] = matrix.at(i, j);
            }
        }
        return transposed;
    }

    private static double squareSum(Matrix matrix) {
        double sum = 0;
        for (float value : matrix.values()) {
            sum += (double) value * value;
        }
        return sum;
    }

    /// @param error how far off the factor may be, as a share of its norm
    private static void assertNear(Matrix actual, DMatrixRMaj expected, double error) {
        double squares = 0;
        double off = 0;
        for (int i = 0; i < expected.data.length; i++) {
            squares += expected.data[i] * expected.data[i];
            off += Math.pow(actual.values()[i] - expected.data[i], 2);
        }
        assertThat(Math.sqrt(off / squares)).isLessThan(error);
    }
}
