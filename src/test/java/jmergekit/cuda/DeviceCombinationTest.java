package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.NearSwap;
import jmergekit.primitive.Combination.ReplaceAtLeast;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A GPU combines elements to the bits that the CPU gives, whatever the elements are.
@RequiresGpu
class DeviceCombinationTest {
    /// Rows of an odd length, several segments.
    private static final Shape MATRIX = Shape.of(173, 401);

    static final List<DType> OUTPUTS = List.of(DType.F32, DType.F16, DType.BF16, DType.F64);

    static final List<Shape> SHAPES =
            List.of(
                    Shape.of(),
                    Shape.of(1),
                    Shape.of(70_001),
                    Shape.of(1, 1),
                    Shape.of(257, 1),
                    Shape.of(1, 257),
                    Shape.of(7, 5, 3, 11),
                    Shape.of(3, 100_003));

    /// The base comes second, so that nothing relies on its place.
    private static final int BASE = 1;

    @RegisterExtension static final BothProcessors BOTH = new BothProcessors();

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void weightedSumsHaveTheSameBits(DType into) {
        TestTensor tensor = ofAnyBits(MATRIX, Primitives.NO_BASE);

        assertSame(tensor, into, new WeightedSum(new double[] {1, 0.3, -0.7, 0}));
        assertSame(tensor, into, new WeightedSum(new double[] {0.1, 1, 1, 1}));
    }

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void taskVectorSumsHaveTheSameBits(DType into) {
        TestTensor tensor = ofAnyBits(MATRIX, BASE);

        for (Election election : Election.values()) {
            for (Division division : Division.values()) {
                assertSame(tensor, into, sum(election, division, 1, -0.5, 0.7));
                assertSame(tensor, into, sum(election, division, 0.4, 0, 1));
            }
        }
    }

    @Test
    void weightsThatCancelDoNotDivide() {
        TestTensor tensor = ofAnyBits(MATRIX, BASE);

        assertSame(tensor, DType.F32, sum(Election.NONE, Division.WEIGHTS, 0.5, -0.5, 0));
    }

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void withoutWeightsOnlyTheBaseIsLeft(DType into) {
        TestTensor tensor = ofAnyBits(MATRIX, BASE);

        assertSame(tensor, into, sum(Election.WEIGHTED, Division.NONE, 0, 0, 0));
    }

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void contributionMeansHaveTheSameBits(DType into) {
        TestTensor tensor = ofAnyBits(MATRIX, BASE);

        for (double epsilon : new double[] {0, 1e-3, 1e30}) {
            double[] scales = {0.5, 0, 2, 1.1};
            assertSame(tensor, into, new ContributionMean(epsilon, scales));
        }
    }

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void nearSwapsHaveTheSameBits(DType into) {
        for (double t : new double[] {0, 0.01, 1, 1e9}) {
            assertSame(pair(MATRIX), into, new NearSwap(t));
        }
    }

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void replacementsHaveTheSameBits(DType into) {
        float[] rows = Values.floats(173, i -> i % 9 == 0 ? 0 : i / 64.0);
        rows[5] = Float.NaN;
        Importance importance = new Importance(0, rows);

        for (float threshold : new float[] {0, 0.25f, Float.POSITIVE_INFINITY}) {
            assertSame(pair(MATRIX), into, new ReplaceAtLeast(importance, threshold));
        }
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void sumsOfVectorsHaveTheSameBits(Shape shape) {
        // Products of these are exact, so that coefficients made of them are the same too.
        TestTensor tensor = exact(shape, BASE, 3);

        for (Vectors vectors : Vectors.values()) {
            for (boolean differences : new boolean[] {false, true}) {
                assertSame(
                        tensor,
                        DType.F32,
                        new VectorSums(vectors, differences, DeviceCombinationTest::shares));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void shapesMakeNoDifference(Shape shape) {
        TestTensor tensor = ofAnyBits(shape, BASE);

        assertSame(tensor, DType.BF16, new WeightedSum(new double[] {1, 0.3, -0.7, 0.2}));
        assertSame(tensor, DType.BF16, sum(Election.WEIGHTED, Division.WEIGHTS, 1, -0.5, 0.7));
        assertSame(pair(shape), DType.F32, new NearSwap(0.01));
    }

    @Test
    void manySourcesAreCombined() {
        int count = 40;
        TestTensor tensor = exact(Shape.of(29, 401), BASE, count);
        double[] weights = IntStream.range(0, count).mapToDouble(i -> i % 7 - 2.5).toArray();
        double[] scales = IntStream.range(0, count).mapToDouble(i -> 1 + i / 8.0).toArray();
        Mask[] masks = new Mask[count];
        Arrays.setAll(masks, i -> i % 3 == 0 ? new Mask.Bernoulli(i, 0.4) : Mask.ALL);

        assertSame(tensor, DType.F32, new WeightedSum(weights));
        for (Election election : Election.values()) {
            assertSame(
                    tensor,
                    DType.F32,
                    new TaskVectorSum(
                            weights, scales, masks, election, Division.ELECTED_WEIGHTS, 0.3));
        }
        for (Vectors vectors : Vectors.values()) {
            assertSame(
                    tensor,
                    DType.F32,
                    new VectorSums(vectors, true, DeviceCombinationTest::shares));
        }
    }

    private static void assertSame(TestTensor tensor, DType into, Combination combination) {
        BOTH.assertSame(tensor, into, _ -> combination);
    }

    private static TaskVectorSum sum(
            Election election, Division division, double a, double b, double c) {
        return new TaskVectorSum(
                new double[] {a, 9, b, c},
                new double[] {1, 9, 1.25, 0.5},
                new Mask[] {Mask.ALL, Mask.ALL, new Mask.Bernoulli(77, 0.3), Mask.ALL},
                election,
                division,
                0.75);
    }

    // A coefficient for each source that depends on all its products.
    private static double[] shares(double[][] gram) {
        return Arrays.stream(gram)
                .mapToDouble(products -> {
                    double sum = Arrays.stream(products).sum();
                    return sum / (1 + Math.abs(sum));
                })
                .toArray();
    }

    private static TestTensor ofAnyBits(Shape shape, int base) {
        TestTensor tensor = new TestTensor(shape, base);
        List<DType> dtypes = List.of(DType.F32, DType.BF16, DType.F16, DType.F32);
        for (DType dtype : dtypes) {
            tensor.stored(dtype, Values.ofAnyBits(dtype, tensor.elements(), dtype.ordinal()));
        }
        return tensor;
    }

    // Half of the elements are near the base's.
    private static TestTensor pair(Shape shape) {
        TestTensor tensor = new TestTensor(shape, BASE);
        int n = tensor.elements();
        MemorySegment base = Values.ofAnyBits(DType.F32, n, 8);
        MemorySegment other = Values.ofAnyBits(DType.F32, n, 9);
        for (int i = 0; i < n; i += 2) {
            int bits = base.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            other.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, bits ^ i & 0xffff);
        }
        return tensor.stored(DType.F32, other).stored(DType.F32, base);
    }

    private static TestTensor exact(Shape shape, int base, int count) {
        TestTensor tensor = new TestTensor(shape, base);
        for (int i = 0; i < count; i++) {
            DType dtype = i % 2 == 0 ? DType.BF16 : DType.F32;
            tensor.stored(dtype, Values.exact(dtype, tensor.elements(), i));
        }
        return tensor;
    }
}
