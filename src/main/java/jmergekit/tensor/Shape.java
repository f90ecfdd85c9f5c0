package jmergekit.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The sizes of a tensor's dimensions, outermost first. A scalar has none.
public record Shape(List<Long> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
        long product = 1;
        for (long size : dimensions) {
            if (size < 0) {
                throw new IllegalArgumentException("negative dimension " + size);
            }
            product = Math.multiplyExact(product, size);
        }
    }

    public static Shape of(long... sizes) {
        List<Long> list = new ArrayList<>(sizes.length);
        for (long size : sizes) {
            list.add(size);
        }
        return new Shape(list);
    }

    public int rank() {
        return dimensions.size();
    }

    /// The number of elements; 1 for a scalar.
    public long elements() {
        long product = 1;
        for (long size : dimensions) {
            product *= size;
        }
        return product;
    }

    /// Size of dimension `i`.
    public long size(int i) {
        return dimensions.get(i);
    }

    /// Length of a row: the last dimension; 1 for a scalar.
    public long rowLength() {
        return dimensions.isEmpty() ? 1 : dimensions.getLast();
    }

    /// The shape with rows of another length.
    public Shape withRowLength(long length) {
        List<Long> sizes = new ArrayList<>(dimensions);
        sizes.set(sizes.size() - 1, length);
        return new Shape(sizes);
    }

    /// The same shape with another first dimension.
    public Shape withRows(long rows) {
        List<Long> sizes = new ArrayList<>(dimensions);
        sizes.set(0, rows);
        return new Shape(sizes);
    }

    /// `[4096, 11008]`
    @Override
    public String toString() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
