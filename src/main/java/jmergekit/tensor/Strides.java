package jmergekit.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// How a tensor's elements are spread: for each dimension, outermost first, how many elements of
/// storage lie between one element and its next neighbour. 0 repeats one element.
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

    /// Those of elements that lie side by side in row-major order.
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

    /// Whether elements of this shape lie side by side in row-major order. The stride of a dimension
    /// of size 1 does not matter, and none does without elements.
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

    /// Elements of storage from the first to the last element, both included; 0 without elements.
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
