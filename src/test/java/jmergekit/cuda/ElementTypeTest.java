package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import jmergekit.fixture.RequiresGpu;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
import jmergekit.source.StridedTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A GPU reads and writes elements of every dtype as the CPU does, bit for bit.
@RequiresGpu
class ElementTypeTest {
    /// All elements of 16 bits, and some that are in no whole block of threads.
    private static final int ELEMENTS = (1 << 16) + 77;

    @RegisterExtension static final BothProcessors BOTH = new BothProcessors();

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"})
    void elementsAreReadAndWrittenAsOnTheCpu(DType from) {
        TestTensor tensor = vector().stored(from, Values.ofAnyBits(from, ELEMENTS, 1));

        for (DType into : DType.values()) {
            if (!into.isOpaque()) {
                BOTH.assertSame(tensor, into, _ -> new WeightedSum(new double[] {1}));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"})
    void float32sAreRoundedAsOnTheCpu(DType into) {
        TestTensor tensor = vector().stored(DType.F32, Values.ofAnyBits(DType.F32, ELEMENTS, 2));

        BOTH.assertSame(tensor, into, _ -> new WeightedSum(new double[] {0.75}));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"})
    void float64sAreRoundedAsOnTheCpu(DType into) {
        TestTensor tensor = vector().stored(DType.F64, Values.ofAnyBits(DType.F64, ELEMENTS, 3));

        BOTH.assertSame(tensor, into, _ -> new WeightedSum(new double[] {-1}));
    }

    @Test
    void computedElementsAreThoseThatTheHostComputes() {
        TestTensor tensor =
                vector().computed(Values.floats(ELEMENTS, i -> i * 0.37 - 1000))
                        .stored(DType.BF16, Values.usual(DType.BF16, ELEMENTS, 4));

        BOTH.assertSame(tensor, DType.F32, _ -> new WeightedSum(new double[] {1, 3}));
    }

    @Test
    void elementsThatDoNotLieSideBySideAreTheSame() {
        Shape shape = Shape.of(301, 217);
        MemorySegment bytes = Values.usual(DType.F16, 301 * 217, 5);
        TensorSpec spec = new TensorSpec("turned", DType.F16, shape);
        TestTensor tensor =
                new TestTensor(shape, Primitives.NO_BASE)
                        .with(new StridedTensor(spec, Strides.of(1, 301), bytes, shape.elements()));

        BOTH.assertSame(tensor, DType.F16, _ -> new WeightedSum(new double[] {1}));
        BOTH.assertSame(tensor, DType.F32, _ -> new WeightedSum(new double[] {1}));
    }

    private static TestTensor vector() {
        return new TestTensor(Shape.of(ELEMENTS), Primitives.NO_BASE);
    }
}
