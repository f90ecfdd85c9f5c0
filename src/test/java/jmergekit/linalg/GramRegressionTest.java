package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GramRegressionTest {
    private static final int ROWS = 23;
    private static final int COLUMNS = 31;

    private record Gram(float[] values) implements SourceTensor {
        @Override
        public long elements() {
            return values.length;
        }

        @Override
        public DType dtype() {
            return DType.F32;
        }

        @Override
        public void read(long from, int n, float[] into) {
            System.arraycopy(values, (int) from, into, 0, n);
        }

        @Override
        public Optional<MemorySegment> bytes() {
            return Optional.empty();
        }
    }

    /// Large matrices are read in blocks; here in blocks of one row, of a few, and of one row less.
    @ParameterizedTest
    @ValueSource(ints = {1, 4 * COLUMNS, (ROWS - 1) * COLUMNS, (COLUMNS - 1) * COLUMNS})
    void theSizeOfBlocksDoesNotMatter(int block) {
        float[] whole = solution(1 << 20);

        float[] blocks = solution(block);

        assertThat(blocks).containsExactly(whole, Offset.offset(1e-6f));
        assertThat(whole).isNotEqualTo(random(9, ROWS * COLUMNS));
    }

    private static float[] solution(int block) {
        Matrix mean = new Matrix(random(9, ROWS * COLUMNS), ROWS, COLUMNS);
        try (GramRegression regression = new GramRegression(ROWS, COLUMNS, 0.9, block)) {
            for (int m = 0; m < 3; m++) {
                Matrix matrix = new Matrix(random(m, ROWS * COLUMNS), ROWS, COLUMNS);
                regression.add(matrix, mean, gram(10 + m), 0.2 * (1 + m));
            }
            assertThat(regression.addSolution(mean)).isTrue();
        }
        return mean.values();
    }

    private static Gram gram(int seed) {
        float[] inputs = random(seed, 40 * COLUMNS);
        float[] gram = new float[COLUMNS * COLUMNS];
        for (int i = 0; i < inputs.length; i += COLUMNS) {
            for (int j = 0; j < gram.length; j++) {
                gram[j] += inputs[i + j / COLUMNS] * inputs[i + j % COLUMNS];
            }
        }
        return new Gram(gram);
    }

    private static float[] random(int seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
