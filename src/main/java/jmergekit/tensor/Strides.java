package jmergekit.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// The memory layout of a tensor's elements: for each dimension, outermost first, the distance in
/// elements between neighbours. 0 repeats one element.
public record Strides(List<Long> steps) {
    public Strides {
        steps = List.copyOf(steps);
        for (long step : steps) {
            if (step < 0) {
                throw new IllegalArgumentException("negative stride " + step);
            }
        }
    }

    public static Strides of(long... steps) {
        return new Strides(LongStream.of(steps).boxed().toList());
    }

    /// The strides of contiguous elements in row-major order.
    public static Strides rowMajor(Shape shape) {
        List<Long> steps = new ArrayList<>(shape.dimensions());
        long step = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            steps.set(i, step);
            step *= Math.max(1, shape.size(i));
        }
        return new Strides(steps);
    }

    public long step(int i) {
        return steps.get(i);
    }

    /// Whether elements of this shape are contiguous in row-major order. The stride of a dimension
    /// of size 1 does not matter, and without elements none does.
    public boolean areRowMajor(Shape shape) {
        if (shape.elements() == 0) {
            return true;
        }
        Strides plain = rowMajor(shape);
        for (int i = 0; i < shape.rank(); i++) {
            if (shape.size(i) > 1 && step(i) != plain.step(i)) {
                return false;
            }
        }
        return true;
    }

    /// The number of storage elements from the first to the last element, inclusive; 0 without
    /// elements.
    ///
    /// @throws ArithmeticException if it does not fit into a long
    public long span(Shape shape) {
        if (shape.elements() == 0) {
            return 0;
        }
        long last = 0;
        for (int i = 0; i < shape.rank(); i++) {
            last = Math.addExact(last, Math.multiplyExact(shape.size(i) - 1, step(i)));
        }
        return Math.addExact(last, 1);
    }
}
