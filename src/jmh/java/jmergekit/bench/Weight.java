package jmergekit.bench;

import java.util.List;
import java.util.stream.Collectors;

/// A bf16 tensor of a generated model.
///
/// @param scale standard deviation of its values, before the variation between tensors
/// @param mean of its values
record Weight(String name, List<Integer> shape, float mean, float scale) {
    /// A matrix, around zero.
    static Weight matrix(String name, int rows, int columns) {
        return new Weight(name, List.of(rows, columns), 0, 0.02f);
    }

    /// The weight of a norm, around one.
    static Weight norm(String name, int size) {
        return new Weight(name, List.of(size), 1, 0.1f);
    }

    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    long bytes() {
        return 2 * elements();
    }

    /// This tensor's entry in a safetensors header.
    ///
    /// @param start of its bytes in the file's data
    String headerEntry(long start) {
        String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(","));
        return "\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, sizes, start, start + bytes());
    }
}
