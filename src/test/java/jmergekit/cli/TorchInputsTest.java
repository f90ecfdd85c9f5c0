package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.fixture.TorchFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Models in PyTorch checkpoints, end to end: they must give the same tensors as in safetensors.
class TorchInputsTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "corpus", "models");

    private static final String TIES =
            """
            merge_method: ties
            base_model: ./base
            models: [{model: ./A, parameters: {weight: 1, density: 0.3}}]
            dtype: bfloat16
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(2, 96, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(2, 96, false, 0).tuned(1).write(folder.resolve("A"), "F32");
    }

    @ParameterizedTest
    @CsvSource({"zip, false", "zip, true", "stream, false", "stream, true"})
    void mergesFromEitherLayoutGiveTheSameTensors(String layout, boolean byColumns)
            throws IOException {
        merge(TIES, "expected");
        replaceBySameTensors("base", layout, byColumns);
        replaceBySameTensors("A", layout, byColumns);

        merge(TIES, "out");

        assertSameTensors("expected", "out");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tensorsPassThroughBitForBit(boolean byColumns) throws IOException {
        String recipe = "merge_method: passthrough\nmodels: [{model: ./A}]\n";
        merge(recipe, "expected");
        replaceBySameTensors("A", "zip", byColumns);

        merge(recipe, "out");

        assertSameTensors("expected", "out");
    }

    @Test
    void oneFileAndItsShardsGiveTheSameModel() throws IOException {
        for (String model : List.of("llama-d-sharded", "llama-d-bin", "llama-d-bin-sharded")) {
            merge(
                    "merge_method: passthrough\nmodels: [{model: '%s'}]\ndtype: bfloat16\n"
                            .formatted(CORPUS.resolve(model).toAbsolutePath()),
                    model);
        }

        assertSameTensors("llama-d-sharded", "llama-d-bin");
        assertSameTensors("llama-d-sharded", "llama-d-bin-sharded");
    }

    @Test
    void safetensorsAreTakenWhereAFolderHasBoth() throws IOException {
        merge(TIES, "expected");
        Files.writeString(folder.resolve("A/pytorch_model.bin"), "not read");

        merge(TIES, "out");

        assertSameTensors("expected", "out");
        assertThat(folder.resolve("out/pytorch_model.bin")).doesNotExist();
    }

    @Test
    void pickleThatWouldRunCodeIsRefusedBeforeAnythingIsWritten() throws IOException {
        Files.delete(weights("A"));
        Path harm = folder.resolve("harm");
        Files.write(
                folder.resolve("A/pytorch_model.bin"),
                concatenated(
                        TorchFile.streamStart(),
                        PickleBytes.protocol2()
                                .global("posix", "system")
                                .text("touch " + harm)
                                .op(0x85, 'R')
                                .stop()));

        Cli.Result result = run(TIES, "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("A/pytorch_model.bin: its pickle uses 'posix.system'")
                .contains("none of its code was run")
                .doesNotContain("\tat ");
        assertThat(harm).doesNotExist();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private void replaceBySameTensors(String model, String layout, boolean byColumns)
            throws IOException {
        Map<String, Values> tensors = TinyModel.read(folder.resolve(model));
        Files.delete(weights(model));
        TorchFile torch = new TorchFile(tensors, byColumns);
        Path file = folder.resolve(model).resolve("pytorch_model.bin");
        if (layout.equals("zip")) {
            torch.writeZip(file);
        } else {
            torch.writeStream(file);
        }
    }

    private void merge(String recipe, String out) throws IOException {
        Cli.Result result = run(recipe, out);
        assertThat(result.code()).as(result.err()).isZero();
    }

    private Cli.Result run(String recipe, String out) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
        return Cli.run(folder, "yaml", file.toString(), folder.resolve(out).toString());
    }

    private void assertSameTensors(String expected, String model) {
        assertThat(TinyModel.read(folder.resolve(model)))
                .isNotEmpty()
                .usingRecursiveComparison()
                .isEqualTo(TinyModel.read(folder.resolve(expected)));
    }

    private Path weights(String model) {
        return folder.resolve(model).resolve("model.safetensors");
    }

    private static byte[] concatenated(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
