package jmergekit.plan;

import java.util.Optional;
import jmergekit.source.BlockFormat;
import jmergekit.source.BlockScales;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;

/// The stored form of a quantised tensor: its values, or the scales of its blocks. The quantisation
/// error is measured where the values are computed.
public sealed interface Quantised extends Source.Derived {
    BlockFormat format();

    /// The block size, as in `[128, 128]`.
    default Shape blocks() {
        return Shape.of(format().blockRows(), format().blockColumns());
    }

    /// The inner task whose output, or part of it, is quantised; the first one if several are
    /// combined.
    default Optional<TensorTask> made() {
        Source source = tensor();
        while (source instanceof Rearranged || source instanceof Assembled) {
            source = source.parts().getFirst();
        }
        return source instanceof Made made ? Optional.of(made.task()) : Optional.empty();
    }

    @Override
    default long memory() {
        return BlockScales.bytes(format(), tensor().shape().elements()) + tensor().memory();
    }

    /// The values, without their scales. 4-bit values are stored as bytes of two each.
    ///
    /// @param shape as stored
    record Values(Source tensor, BlockFormat format, Shape shape) implements Quantised {
        public Values {
            int perElement = format.values() == DType.F4 ? 2 : 1;
            check(tensor, format, shape.elements() * perElement == tensor.shape().elements());
        }

        @Override
        public DType dtype() {
            return format.values() == DType.F4 ? DType.U8 : format.values();
        }

        @Override
        public Source with(Source other) {
            return new Values(other, format, shape);
        }
    }

    /// The scales, row-major.
    ///
    /// @param shape as stored
    record Scales(Source tensor, BlockFormat format, Shape shape) implements Quantised {
        public Scales {
            check(
                    tensor,
                    format,
                    shape.elements() == format.blocks(tensor.shape().elements())
                            && shape.elements() <= Integer.MAX_VALUE - 8);
        }

        @Override
        public DType dtype() {
            return format.scales();
        }

        @Override
        public Source with(Source other) {
            return new Scales(other, format, shape);
        }
    }

    private static void check(Source tensor, BlockFormat format, boolean fits) {
        long matrix = Math.multiplyExact(format.rows(), format.columns());
        if (!fits || tensor.shape().elements() % matrix != 0) {
            throw new IllegalArgumentException("%s in %s".formatted(tensor.shape(), format));
        }
    }
}
