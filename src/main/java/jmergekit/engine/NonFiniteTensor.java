package jmergekit.engine;

import java.util.List;
import java.util.stream.Collectors;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.NonFinite;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// An output tensor with NaN or infinity in it or in its inputs.
///
/// @param output its name, dtype and shape
/// @param count the number of its elements that are NaN or infinite
/// @param inputs the sources that have any, in order
public record NonFiniteTensor(TensorSpec output, long count, List<Input> inputs) {
    public NonFiniteTensor {
        inputs = List.copyOf(inputs);
    }

    /// A source.
    ///
    /// @param model the name of the model or adapter in messages
    /// @param tensor its name in the model
    /// @param count the number of its elements, as used in the merge, that are NaN or infinite
    public record Input(String model, String tensor, long count) {
        /// Counts the elements; reads the whole source.
        public static Input count(String model, String tensor, SourceTensor source, Chunks chunks) {
            List<Long> parts = chunks.map(source.elements(), (chunk, _) -> count(source, chunk));
            return new Input(model, tensor, parts.stream().mapToLong(Long::longValue).sum());
        }

        private static long count(SourceTensor source, Chunks.Chunk chunk) {
            float[] tile = new float[TileOps.TILE];
            long count = 0;
            for (long from = chunk.from(); from < chunk.end(); from += TileOps.TILE) {
                int n = (int) Math.min(TileOps.TILE, chunk.end() - from);
                source.read(from, n, tile);
                count += NonFinite.count(tile, n);
            }
            return count;
        }
    }

    private long inputCount() {
        return inputs.stream().mapToLong(Input::count).sum();
    }

    /// Whether the output has more than its inputs together.
    boolean grew() {
        return count > inputCount();
    }

    /// As in `'x' (8 of 64 values; of its inputs 1, in 'chat')`.
    String text() {
        String models =
                inputs.stream()
                        .map(i -> "'" + i.model() + "'")
                        .distinct()
                        .collect(Collectors.joining(", "));
        return "'%s' (%d of %d values; of its inputs %s)"
                .formatted(
                        output.name(),
                        count,
                        output.shape().elements(),
                        inputs.isEmpty() ? "none" : inputCount() + ", in " + models);
    }
}
