package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import jmergekit.cuda.BothProcessors.Results;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A GPU's sums are the CPU's up to the order of float64 additions; its counts are the CPU's.
@RequiresGpu
class DeviceSumsTest {
    static final List<Shape> SHAPES =
            List.of(
                    Shape.of(),
                    Shape.of(17, 1),
                    Shape.of(451, 300),
                    Shape.of(3, 70_001),
                    Shape.of(Primitives.SMALL + 1),
                    Shape.of(2, (1 << 20) + 1001));

    private static final int BASE = 1;

    /// By how much a sum may differ, as a share of the sum of the summands' sizes.
    private static final double TOLERANCE = 1e-12;

    @RegisterExtension static final BothProcessors BOTH = new BothProcessors();

    @ParameterizedTest
    @FieldSource("SHAPES")
    void sumsThatNoRoundingTouchesAreEqual(Shape shape) {
        TestTensor tensor = tensor(shape, 3, (dtype, n, i) -> Values.exact(dtype, n, i));
        Mask[] masks = {
            new Mask.Bernoulli(5, 0.6), Mask.ALL, new Mask.BernoulliByRank(6, 0.5, 0.1)
        };

        assertEqual(tensor, Primitives::gram);
        assertEqual(tensor, p -> p.absoluteSums(masks));
        assertEqual(tensor, p -> new double[][] {p.squareSums(masks)});
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void otherSumsAreNearlyEqual(Shape shape) {
        TestTensor tensor = tensor(shape, 3, (dtype, n, i) -> Values.usual(dtype, n, i));
        Mask[] masks = {Mask.ALL, Mask.NONE, new Mask.Bernoulli(5, 0.6)};

        Results<double[][]> grams = BOTH.ask(tensor, Primitives::gram);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double size = Math.sqrt(grams.cpu()[i][i] * grams.cpu()[j][j]);
                assertNear(grams.gpu()[i][j], grams.cpu()[i][j], size);
            }
        }
        Results<double[]> squares = BOTH.ask(tensor, p -> p.squareSums(masks));
        assertNear(squares.gpu()[0], squares.cpu()[0], squares.cpu()[0]);
        assertNear(squares.gpu()[2], squares.cpu()[2], squares.cpu()[2]);
        Results<double[][]> sizes = BOTH.ask(tensor, p -> p.absoluteSums(masks));
        for (int kept : new int[] {0, 1}) {
            assertNear(sizes.gpu()[0][kept], sizes.cpu()[0][kept], sizes.cpu()[0][kept]);
            assertNear(sizes.gpu()[2][kept], sizes.cpu()[2][kept], sizes.cpu()[2][kept]);
        }
    }

    @Test
    void sumsOverManySourcesAreEqual() {
        TestTensor tensor =
                tensor(Shape.of(451, 300), 40, (dtype, n, i) -> Values.exact(dtype, n, i));
        Mask[] masks = new Mask[40];
        Arrays.setAll(masks, i -> new Mask.Bernoulli(i, 0.5));

        assertEqual(tensor, Primitives::gram);
        assertEqual(tensor, p -> p.absoluteSums(masks));
        assertThat(BOTH.ask(tensor, p -> p.contributions(0.25)).gpu())
                .isDeepEqualTo(BOTH.ask(tensor, p -> p.contributions(0.25)).cpu());
    }

    @Test
    void whatIsNotFiniteShows() {
        TestTensor tensor =
                tensor(Shape.of(451, 300), 3, (dtype, n, i) -> Values.ofAnyBits(dtype, n, i));
        Mask[] all = {Mask.ALL, Mask.ALL, Mask.ALL};

        assertEqual(tensor, Primitives::gram);
        assertEqual(tensor, p -> new double[][] {p.absoluteSums(all)[0], p.absoluteSums(all)[2]});
        assertThat(BOTH.ask(tensor, Primitives::gram).gpu()[0][1]).isNaN();
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void contributionsAreCountedExactly(Shape shape) {
        TestTensor plain = tensor(shape, 4, (dtype, n, i) -> Values.few(dtype, n, i));
        TestTensor any = tensor(shape, 3, (dtype, n, i) -> Values.ofAnyBits(dtype, n, i));

        for (double epsilon : new double[] {0, 0.25, 3}) {
            for (TestTensor tensor : List.of(plain, any)) {
                Results<long[][]> counts = BOTH.ask(tensor, p -> p.contributions(epsilon));
                assertThat(counts.gpu()).isDeepEqualTo(counts.cpu());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void importanceIsThatOfTheCpu(Shape shape) {
        TestTensor tensor = tensor(shape, 2, (dtype, n, i) -> Values.usual(dtype, n, i));

        Results<Importance> importance = BOTH.ask(tensor, Primitives::importance);

        float[] expected = importance.cpu().rows();
        float[] actual = importance.gpu().rows();
        assertThat(importance.gpu().source()).isEqualTo(importance.cpu().source());
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(expected[i] * 1e-6f);
        }
    }

    @ParameterizedTest
    @FieldSource("SHAPES")
    void importancesAreTheSameByTheirOrder(Shape shape) {
        long last = shape.elements() - 1;
        long[] places = {0, last / 4, last / 2, last};

        for (TestTensor tensor :
                List.of(
                        tensor(shape, 2, (dtype, n, i) -> Values.usual(dtype, n, i)),
                        tensor(shape, 2, (dtype, n, i) -> Values.few(dtype, n, i)))) {
            Importance importance = BOTH.ask(tensor, Primitives::importance).cpu();
            Results<float[]> values = BOTH.ask(tensor, p -> p.importanceAt(importance, places));
            assertThat(values.gpu()).containsExactly(values.cpu());
        }
    }

    @Test
    void sumsAreTheSameOnEveryRun() {
        TestTensor tensor =
                tensor(Shape.of(3, 70_001), 3, (dtype, n, i) -> Values.usual(dtype, n, i));
        TestTensor pair =
                tensor(Shape.of(3, 70_001), 2, (dtype, n, i) -> Values.usual(dtype, n, i));

        for (int run = 0; run < 3; run++) {
            assertThat(BOTH.ask(tensor, Primitives::gram).gpu())
                    .isDeepEqualTo(BOTH.ask(tensor, Primitives::gram).gpu());
            assertThat(BOTH.ask(pair, Primitives::importance).gpu().rows())
                    .containsExactly(BOTH.ask(pair, Primitives::importance).gpu().rows());
        }
    }

    private interface Content {
        MemorySegment of(DType dtype, int n, int source);
    }

    private static TestTensor tensor(Shape shape, int sources, Content content) {
        TestTensor tensor = new TestTensor(shape, BASE);
        for (int i = 0; i < sources; i++) {
            DType dtype = i % 2 == 0 ? DType.BF16 : DType.F32;
            tensor.stored(dtype, content.of(dtype, tensor.elements(), i));
        }
        return tensor;
    }

    private static void assertEqual(TestTensor tensor, Function<Primitives, double[][]> sums) {
        Results<double[][]> results = BOTH.ask(tensor, sums);
        // A NaN equals a NaN.
        assertThat(flat(results.gpu())).containsExactly(flat(results.cpu()));
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void assertNear(double actual, double expected, double size) {
        assertThat(Math.abs(actual - expected)).isLessThanOrEqualTo(TOLERANCE * size);
    }
}
