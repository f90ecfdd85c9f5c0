package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tokens that go through a layer together, one row each: concatenated texts, in runs of texts
/// of equal length, without padding. Their positions are converted to angles once for all layers.
final class TokenRows {
    private final DecoderShape shape;
    private final List<Run> runs;
    private final NDArray cos;
    private final NDArray sin;

    /// Texts of equal length.
    ///
    /// @param first row
    /// @param texts number of texts
    /// @param length tokens of each
    /// @param past cached keys and values of earlier tokens; null if there are none, and nothing
    ///     follows
    record Run(int first, int texts, int length, @Nullable KeyValues past) {
        int end() {
            return first + texts * length;
        }

        int seen() {
            return past == null ? 0 : past.length();
        }
    }

    /// @param owner of the arrays
    TokenRows(DecoderShape shape, List<Run> runs, NDManager owner) {
        this.shape = shape;
        this.runs = List.copyOf(runs);
        int size = shape.headSize();
        int tokens = runs.getLast().end();
        float[] cosines = new float[tokens * size];
        float[] sines = new float[cosines.length];
        double magnitude = shape.rotary().magnitude();
        for (Run run : runs) {
            for (int row = run.first(); row < run.end(); row++) {
                int position = run.seen() + (row - run.first()) % run.length();
                for (int i = 0; i < size; i++) {
                    double angle = position * shape.rotary().angles()[i % (size / 2)];
                    cosines[row * size + i] = (float) (magnitude * Math.cos(angle));
                    sines[row * size + i] = (float) (magnitude * Math.sin(angle));
                }
            }
        }
        this.cos = owner.create(cosines, new Shape(tokens, 1, size));
        this.sin = owner.create(sines, new Shape(tokens, 1, size));
    }

    /// The texts in the given order; adjacent ones of equal length form a run.
    static TokenRows of(DecoderShape shape, List<int[]> texts, NDManager owner) {
        List<Run> runs = new ArrayList<>();
        int row = 0;
        for (int[] text : texts) {
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.length() == text.length) {
                runs.set(
                        runs.size() - 1,
                        new Run(last.first(), last.texts() + 1, text.length, null));
            } else {
                runs.add(new Run(row, 1, text.length, null));
            }
            row += text.length;
        }
        return new TokenRows(shape, runs, owner);
    }

    List<Run> runs() {
        return runs;
    }

    /// Rotates the pairs (i, i + half) of each head's elements by the token's position.
    ///
    /// @param x (tokens, heads, head size)
    NDArray rotated(NDArray x) {
        int half = shape.headSize() / 2;
        NDArray left = x.get(new NDIndex().addAllDim(2).addSliceDim(0, half));
        NDArray right = x.get(new NDIndex().addAllDim(2).addSliceDim(half, shape.headSize()));
        NDArray swapped = NDArrays.concat(new NDList(right.neg(), left), 2);
        return x.mul(cos).addi(swapped.muli(sin));
    }

    /// Rotates back: the transpose of [#rotated].
    ///
    /// @param x (tokens, heads, head size)
    NDArray rotatedBack(NDArray x) {
        int half = shape.headSize() / 2;
        NDArray left = x.get(new NDIndex().addAllDim(2).addSliceDim(0, half));
        NDArray right = x.get(new NDIndex().addAllDim(2).addSliceDim(half, shape.headSize()));
        NDArray swapped = NDArrays.concat(new NDList(right, left.neg()), 2);
        return x.mul(cos).addi(swapped.muli(sin));
    }
}
