package jmergekit.torchfile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorSpec;

/// The limits for a dictionary of tensors whose pickle our own reader accepts.
final class StateDictLimits {
    /// The memory that the reader counts for a tensor: without dimensions and name, for a dimension
    /// in shape and strides, and for the dictionary. Rounded up.
    private static final int TENSOR_BYTES = 1850;

    private static final int DIMENSION_BYTES = 160;
    private static final int OTHER_BYTES = 10_000;

    /// The same for the bytes of the pickle itself.
    private static final int PICKLED_TENSOR_BYTES = 120;

    private static final int PICKLED_DIMENSION_BYTES = 20;

    private StateDictLimits() {}

    /// Throws a [MergeException] if the tensors do not fit into one file.
    static void check(String fileName, List<TensorSpec> tensors) {
        tensors.stream()
                .flatMap(t -> problem(fileName, t).stream())
                .findFirst()
                .ifPresent(p -> {
                    throw new MergeException(p);
                });
        int fitting = fitting(tensors);
        if (fitting < tensors.size()) {
            throw new MergeException(
                    Problem.output(fileName, "would hold more tensors than jmergekit reads back")
                            .expected("%d, with names and shapes like these".formatted(fitting))
                            .found(String.valueOf(tensors.size()))
                            .hint("safetensors files can hold them"));
        }
    }

    /// How many of the tensors, counted from the first, fit in one file.
    static int fitting(List<TensorSpec> tensors) {
        long read = OTHER_BYTES;
        long pickled = OTHER_BYTES;
        for (int i = 0; i < tensors.size(); i++) {
            int rank = tensors.get(i).shape().dimensions().size();
            int name = nameBytes(tensors.get(i));
            read += TENSOR_BYTES + (long) DIMENSION_BYTES * rank + name;
            pickled += PICKLED_TENSOR_BYTES + (long) PICKLED_DIMENSION_BYTES * rank + name;
            if (read > PickleStack.MAX_BYTES || pickled > Unpickler.LONGEST) {
                return i;
            }
        }
        return tensors.size();
    }

    private static Optional<Problem> problem(String fileName, TensorSpec tensor) {
        int rank = tensor.shape().dimensions().size();
        if (rank > Calls.MAX_RANK) {
            return Optional.of(
                    Problem.output(
                                    fileName,
                                    "tensor '%s' has more dimensions than jmergekit reads back"
                                            .formatted(tensor.name()))
                            .expected("at most " + Calls.MAX_RANK)
                            .found(String.valueOf(rank))
                            .hint("safetensors files can hold it"));
        }
        if (nameBytes(tensor) > Literals.LONGEST_TEXT) {
            return Optional.of(
                    Problem.output(fileName, "a tensor has a longer name than jmergekit reads back")
                            .expected("at most %d bytes".formatted(Literals.LONGEST_TEXT))
                            .found("%d bytes".formatted(nameBytes(tensor)))
                            .hint("safetensors files can hold it"));
        }
        return Optional.empty();
    }

    private static int nameBytes(TensorSpec tensor) {
        return tensor.name().getBytes(StandardCharsets.UTF_8).length;
    }
}
