package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.StoredTensor;
import jmergekit.source.StridedTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints that PyTorch wrote. `make.py` beside them says what is in them.
class RealCheckpointsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "torchfile");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "views-zip.bin",
                "views-stream.bin",
                "protocol-4-zip.bin",
                "protocol-5-stream.bin"
            })
    void viewsOfEveryKindHaveTheirElements(String file) {
        Map<String, float[]> values = values(file);

        assertThat(values.keySet())
                .containsExactlyInAnyOrder(
                        "plain",
                        "transposed",
                        "columns",
                        "rows",
                        "permuted",
                        "expanded",
                        "embedding",
                        "head",
                        "scalar",
                        "empty",
                        "parameter");
        assertThat(values.get("plain")).isEqualTo(counting(0, 24));
        assertThat(values.get("transposed"))
                .startsWith(0, 6, 12, 18, 1, 7, 13, 19, 2)
                .endsWith(5, 11, 17, 23);
        assertThat(values.get("columns"))
                .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23);
        assertThat(values.get("rows")).isEqualTo(counting(12, 12));
        assertThat(values.get("permuted"))
                .startsWith(0, 4, 8, 12, 16, 20, 1, 5, 9)
                .endsWith(19, 23);
        assertThat(values.get("expanded")).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(values.get("embedding")).isEqualTo(counting(0, 12));
        assertThat(values.get("head")).isEqualTo(counting(0, 12));
        assertThat(values.get("scalar")).containsExactly(7);
        assertThat(values.get("empty")).isEmpty();
        assertThat(values.get("parameter")).isEqualTo(counting(0, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"views-zip.bin", "views-stream.bin"})
    void shapesAndDtypesAreThoseSaved(String file) {
        Map<String, TensorEntry> entries = entries(file);

        assertThat(entries.get("transposed").spec().shape()).isEqualTo(Shape.of(6, 4));
        assertThat(entries.get("permuted").spec().shape()).isEqualTo(Shape.of(4, 2, 3));
        assertThat(entries.get("scalar").spec().shape()).isEqualTo(Shape.of());
        assertThat(entries.get("empty").spec().shape()).isEqualTo(Shape.of(0, 5));
        assertThat(entries.get("head").spec().dtype()).isEqualTo(DType.BF16);
        assertThat(entries.get("head").begin()).isEqualTo(entries.get("embedding").begin());
        assertThat(entries.get("rows").strides()).isEmpty();
        assertThat(entries.get("columns").strides()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtypes-zip.bin", "dtypes-stream.bin"})
    void everyDtypeIsKnown(String file) {
        Map<String, float[]> values = values(file);

        assertThat(values).hasSize(10);
        assertThat(values.values()).allSatisfy(v -> assertThat(v).containsExactly(0, 1));
        entries(file)
                .forEach((name, e) -> assertThat(e.spec().dtype().torchName()).isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"training-zip.bin", "training-stream.bin"})
    void ofATrainingCheckpointTheStateDictIsRead(String file) {
        Map<String, float[]> values = values(file);

        assertThat(values).containsOnlyKeys("weight", "bias", "with_attribute");
        assertThat(values.get("weight")).isEqualTo(counting(0, 6));
        assertThat(values.get("bias")).isEqualTo(counting(0, 2));
        assertThat(values.get("with_attribute")).isEqualTo(counting(0, 3));
    }

    @Test
    void tensorsAreListedInTheOrderOfTheirData() {
        TorchHeader header = TorchHeader.read(FOLDER.resolve("views-zip.bin"));

        assertThat(header.fileSize()).isEqualTo(FOLDER.resolve("views-zip.bin").toFile().length());
        assertThat(header.entries())
                .isSortedAccordingTo(Comparator.comparingLong(TensorEntry::begin));
    }

    private static Map<String, TensorEntry> entries(String file) {
        return TorchHeader.read(FOLDER.resolve(file)).entries().stream()
                .collect(Collectors.toMap(e -> e.spec().name(), e -> e));
    }

    private static Map<String, float[]> values(String file) {
        TorchHeader header = TorchHeader.read(FOLDER.resolve(file));
        Map<String, float[]> values = new TreeMap<>();
        try (WeightFile weights = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                SourceTensor tensor = tensor(weights, entry);
                float[] elements = new float[Math.toIntExact(tensor.elements())];
                if (elements.length > 0) {
                    tensor.read(0, elements.length, elements);
                }
                values.put(entry.spec().name(), elements);
            }
        }
        return values;
    }

    private static SourceTensor tensor(WeightFile weights, TensorEntry entry) {
        long elements = entry.spec().shape().elements();
        return entry.strides().isPresent()
                ? new StridedTensor(
                        entry.spec(), entry.strides().get(), weights.bytes(entry), elements)
                : new StoredTensor(weights.view(entry), elements, TileOps.best());
    }

    private static float[] counting(int from, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = from + i;
        }
        return values;
    }
}
