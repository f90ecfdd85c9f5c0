package jmergekit.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A GPU keeps the elements that the CPU keeps.
@RequiresGpu
class ChunkMasksTest {
    /// Rows of two runs.
    private static final Shape LONG_ROWS = Shape.of(2, (1 << 20) + 1001);

    /// Each is selected from by another way: none, a sort, segments of rows, of one vector, of runs.
    private static final List<Shape> SHAPES =
            List.of(
                    Shape.of(),
                    Shape.of(130, 211),
                    Shape.of(44, 3000),
                    Shape.of(Primitives.SMALL + 1),
                    LONG_ROWS);

    private static final int BASE = 1;

    /// What the differences from a base of zeros are.
    private enum Content {
        USUAL,
        FEW,
        ZEROS,
        ANY;

        TestTensor tensor(Shape shape) {
            TestTensor tensor = new TestTensor(shape, BASE);
            int n = tensor.elements();
            for (int i = 0; i < 3; i++) {
                DType dtype = i == 0 ? DType.BF16 : DType.F32;
                tensor.stored(
                        dtype,
                        i == BASE || this == ZEROS
                                ? Values.zeros(dtype, n)
                                : switch (this) {
                                    case FEW -> Values.few(dtype, n, i);
                                    case ANY -> Values.ofAnyBits(dtype, n, i);
                                    default -> Values.usual(dtype, n, i);
                                });
            }
            return tensor;
        }
    }

    record Case(Content content, Shape shape) {}

    static final List<Case> CASES =
            SHAPES.stream()
                    .flatMap(s ->
                            Arrays.stream(Content.values())
                                    .filter(c -> s != LONG_ROWS || c != Content.ZEROS)
                                    .map(c -> new Case(c, s)))
                    .toList();

    @RegisterExtension static final BothProcessors BOTH = new BothProcessors();

    @ParameterizedTest
    @FieldSource("CASES")
    void theLargestAreTheSame(Case c) {
        TestTensor tensor = c.content.tensor(c.shape);
        long n = tensor.elements();

        for (long keep : new long[] {0, 1, n / 3, n - 1, n, n + 1}) {
            assertSame(tensor, p -> p.select(new long[] {keep, 0, n - keep}));
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void thoseBetweenAreTheSame(Case c) {
        TestTensor tensor = c.content.tensor(c.shape);
        long n = tensor.elements();

        assertSame(
                tensor,
                p -> p.selectBetween(new long[] {n / 2, 0, n / 7}, new long[] {n / 9, 0, 0}));
        assertSame(
                tensor, p -> p.selectBetween(new long[] {0, 0, n}, new long[] {n / 5, 0, n / 5}));
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void thoseThatVaryMostAreTheSame(Case c) {
        TestTensor tensor = c.content.tensor(c.shape);

        for (double topK : new double[] {0, 0.3, 0.999, 1}) {
            assertSame(tensor, p -> p.selectVarying(topK));
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void bernoulliMasksAreTheSame(Case c) {
        TestTensor tensor = c.content.tensor(c.shape);

        assertSame(tensor, masks(new Mask.Bernoulli(0x1234_5678_9abc_def0L, 0.3)));
        assertSame(tensor, masks(new Mask.Bernoulli(-7, 1 - 0x1p-40)));
        assertSame(tensor, masks(new Mask.BernoulliByRank(0x0fed_cba9_8765_4321L, 0.5, 0.2)));
        assertSame(tensor, masks(new Mask.BernoulliByRank(-7, 0.9, 0.1)));
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void thoseWithoutOthersAreTheSame(Case c) {
        TestTensor tensor = c.content.tensor(c.shape);
        long n = tensor.elements();

        assertSame(tensor, masks(new Mask.Without(Mask.ALL, Mask.NONE)));
        assertSame(
                tensor,
                p -> {
                    Mask most = p.select(new long[] {n / 2, 0, 0})[0];
                    Mask few = p.select(new long[] {n / 8, 0, 0})[0];
                    return new Mask[] {new Mask.Without(most, few), Mask.ALL, Mask.NONE};
                });
    }

    private static Function<Primitives, Mask[]> masks(Mask mask) {
        return _ -> new Mask[] {mask, Mask.ALL, mask};
    }

    // Each source has a factor of its own, so that the sum tells whose elements are kept.
    private static void assertSame(TestTensor tensor, Function<Primitives, Mask[]> masks) {
        double[] weights = {1, 0, -0.5};
        double[] ones = {1, 1, 1};
        BOTH.assertSame(
                tensor,
                DType.F32,
                p ->
                        new TaskVectorSum(
                                weights,
                                ones,
                                p.materialize(masks.apply(p)),
                                Election.NONE,
                                Division.NONE,
                                1));
    }
}
