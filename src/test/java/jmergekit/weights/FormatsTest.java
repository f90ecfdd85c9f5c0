package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.RawFile;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.TensorSpec;
import jmergekit.torchfile.TorchHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders with files of more than one format, or of the second one.
class FormatsTest {
    /// Holds ten tensors.
    private static final Path TORCH = Path.of("src/test/resources/torchfile/dtypes-zip.bin");

    @TempDir Path folder;
    private final Problems problems = new Problems();

    @Test
    void firstFormatThatAFolderHasIsRead() throws IOException {
        Files.copy(TORCH, folder.resolve("pytorch_model.bin"));
        assertThat(open()).contains("bfloat16");
        RawFile.ofBytes(folder.resolve("model.safetensors"), "a");
        assertThat(open()).containsExactly("a");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void indexOfAnotherFormatNamesItsOwnFiles() throws IOException {
        Files.copy(TORCH, folder.resolve("pytorch_model-1.bin"));
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\":{\"int8\":\"pytorch_model-1.bin\",\"a\":\"a.safetensors\"}}");
        assertThat(open()).hasSize(10);
        assertThat(problems.all())
                .extracting(Problem::toString)
                .contains(
                        folder.resolve("pytorch_model.bin.index.json")
                                + ": names shard 'a.safetensors', which is not the plain name of a"
                                + " *.bin file");
    }

    @Test
    void shardsOfAnotherFormatMustBeComplete() throws IOException {
        Files.copy(TORCH, folder.resolve("pytorch_model-00001-of-00002.bin"));
        assertThat(open()).hasSize(10);
        reports(
                folder
                        + ": holds 1 of 2 shards; missing: 'pytorch_model-00002-of-00002.bin';"
                        + " download the missing shards");
    }

    @Test
    void filesOfEveryFormatThatAreNoWeightsAreNamed() throws IOException {
        RawFile.ofBytes(folder.resolve("adapter_model.safetensors"), "a");
        Files.createFile(folder.resolve("training_args.bin"));
        Files.createFile(folder.resolve("consolidated.00.pth"));
        assertThat(open()).isEmpty();
        reports(
                folder
                        + ": holds no model weights (expected model.safetensors,"
                        + " model.safetensors.index.json, any one *.safetensors file, or pytorch_model.bin,"
                        + " pytorch_model.bin.index.json, found only"
                        + " 'adapter_model.safetensors', 'consolidated.00.pth',"
                        + " 'training_args.bin')");
    }

    private List<String> open() {
        List<WeightFormat> formats = List.of(SafetensorsHeader.FORMAT, TorchHeader.FORMAT);
        return Checkpoint.open(folder, formats, problems).tensors().stream()
                .map(TensorSpec::name)
                .toList();
    }

    private void reports(String error) {
        assertThat(problems.all()).extracting(Problem::toString).containsExactly(error);
    }
}
