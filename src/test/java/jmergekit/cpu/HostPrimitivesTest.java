package jmergekit.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.fixture.SerialChunks;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.Computed;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.NoOutput;
import jmergekit.primitive.Primitives;
import jmergekit.source.ArrayTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;

class HostPrimitivesTest {
    @Test
    void aSourceIsReadAsAMatrix() {
        float[] values = {1, 2, 3, 4, 5, 6};

        Matrix matrix = matrix(values, 2, 3);
        assertThat(matrix.values()).containsExactly(values);
        assertThat(matrix.at(1, 0)).isEqualTo(4);
        assertSize(matrix(values, 6), 1, 6);
        assertSize(matrix(values, 2, 3, 1), 2, 3);
        assertSize(matrix(values, 3, 1, 2), 3, 2);
        assertSize(matrix(new float[1]), 1, 1);
    }

    @Test
    void aMatrixOfSeveralChunksIsReadAndWritten() {
        float[] values = new float[Chunks.CHUNK + 4097];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        ArrayPrimitives arrays =
                new ArrayPrimitives(Shape.of(1, values.length), Primitives.NO_BASE, values);

        Matrix matrix = arrays.primitives().matrix(0);
        arrays.primitives().combine(new Computed(matrix));

        assertThat(matrix.values()).isEqualTo(values);
        assertThat(arrays.result()).isEqualTo(values);
    }

    @Test
    void everyPrimitiveSaysThatItRunsHere() {
        List<JavaMethod> primitives =
                new ClassFileImporter()
                                .importClasses(HostPrimitives.class)
                                .get(HostPrimitives.class)
                                .getMethods()
                                .stream()
                                .filter(m -> m.getModifiers().contains(JavaModifier.PUBLIC))
                                .filter(m -> !m.getModifiers().contains(JavaModifier.FINAL))
                                .toList();

        assertThat(primitives).extracting(JavaMethod::getName).contains("matrix");
        assertThat(primitives)
                .as("primitives that have to call onHost")
                .allMatch(m ->
                        m.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getName().equals("onHost")));
    }

    @Test
    void aMatrixHasAsManyValuesAsItSays() {
        assertThatThrownBy(() -> new Matrix(new float[5], 2, 3))
                .hasMessage("5 values do not make 2 by 3");
    }

    @Test
    void primitivesToReadOnlyDoNotWrite() {
        TensorSpec spec = new TensorSpec("x", DType.F32, Shape.of(2));
        Primitives primitives =
                new CpuPrimitives(
                        List.of(new ArrayTensor(new float[] {3, 4})),
                        Primitives.NO_BASE,
                        new NoOutput(spec),
                        new SerialChunks(),
                        TileOps.best());

        assertThat(primitives.gram()[0][0]).isEqualTo(25);
        assertThatThrownBy(() -> primitives.combine(new WeightedSum(new double[] {2})))
                .hasMessage("tensor 'x' is only measured here, not written");
    }

    private static Matrix matrix(float[] values, long... shape) {
        return new ArrayPrimitives(Shape.of(shape), Primitives.NO_BASE, values)
                .primitives()
                .matrix(0);
    }

    private static void assertSize(Matrix matrix, int rows, int columns) {
        assertThat(matrix.rows()).isEqualTo(rows);
        assertThat(matrix.columns()).isEqualTo(columns);
    }
}
