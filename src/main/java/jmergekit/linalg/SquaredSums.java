package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The sums of squared gradients of vectors, such as the weights of norms, in float64.
final class SquaredSums {
    private final Map<String, double[]> sums = new TreeMap<>();

    /// Adds the squared gradient of each text.
    ///
    /// @param ofTokens what each token adds to the gradient, (tokens, size)
    void add(String tensor, List<int[]> texts, NDArray ofTokens) {
        float[] values = ofTokens.toFloatArray();
        int size = Math.toIntExact(ofTokens.getShape().get(1));
        double[] all = sums.computeIfAbsent(tensor, _ -> new double[size]);
        int next = 0;
        for (int[] text : texts) {
            double[] own = new double[size];
            for (int token = 0; token < text.length; token++) {
                for (int i = 0; i < size; i++) {
                    own[i] += values[next++];
                }
            }
            for (int i = 0; i < size; i++) {
                all[i] += own[i] * own[i];
            }
        }
    }

    /// Receives the name of a vector in the file.
    interface Naming {
        String of(String tensor);
    }

    /// Writes the sums divided by `count`.
    ///
    /// @throws MergeException if a value is not finite
    void write(long count, Naming names, StatisticsSink sink) {
        sums.forEach((tensor, values) -> {
            String name = Statistic.FISHER.of(names.of(tensor));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment means = arena.allocate(ValueLayout.JAVA_FLOAT, values.length);
                for (int i = 0; i < values.length; i++) {
                    if (!Double.isFinite(values[i])) {
                        throw new MergeException(
                                Problem.input(
                                        name, "the model's gradients are not finite numbers"));
                    }
                    means.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (values[i] / count));
                }
                sink.write(name, 0, means);
            }
        });
    }
}
