package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.LooseFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Checkpoints in the layouts of trainers of images, speech and vision, as PyTorch wrote them. What must
/// come out was computed in PyTorch; `make.py` beside them does both.
class LooseLayoutsTest {
    private static final Path LAYOUTS =
            Path.of("src", "test", "resources", "loose").toAbsolutePath();

    @TempDir private Path folder;

    private Cli.Result run(String recipe, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("r.yml"), recipe);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "pytorch";
        arguments[1] = file.toString();
        arguments[2] = folder.resolve("out").toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Cli.run(LAYOUTS, arguments);
    }

    /// Float16 and float32 within a unit in the last place, integers bit for bit.
    private void assertMerged(String expected) throws IOException {
        Path merged = folder.resolve("out/model.safetensors");
        Path wanted = LAYOUTS.resolve(expected);
        JsonNode header = LooseFile.header(wanted);
        for (String name : header.propertyNames()) {
            if (!name.equals("__metadata__")) {
                JsonNode found = LooseFile.header(merged).path(name);
                assertThat(found.path("dtype")).as(name).isEqualTo(header.path(name).path("dtype"));
                assertThat(found.path("shape")).as(name).isEqualTo(header.path(name).path("shape"));
                assertClose(
                        name,
                        header.path(name).path("dtype").asString(),
                        LooseFile.bytes(merged, name),
                        LooseFile.bytes(wanted, name));
            }
        }
        assertThat(LooseFile.header(merged).size()).isEqualTo(header.size() + 1);
    }

    private static void assertClose(String name, String dtype, byte[] found, byte[] expected) {
        ByteBuffer a = ByteBuffer.wrap(found).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer b = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        switch (dtype) {
            case "F32" -> {
                while (b.hasRemaining()) {
                    float wanted = b.getFloat();
                    assertThat(a.getFloat()).as(name).isCloseTo(wanted, within(Math.ulp(4f)));
                }
            }
            case "F16" -> {
                while (b.hasRemaining()) {
                    float wanted = Float.float16ToFloat(b.getShort());
                    assertThat(Float.float16ToFloat(a.getShort()))
                            .as(name)
                            .isCloseTo(wanted, within(Math.abs(wanted) / 1024));
                }
            }
            default -> assertThat(found).as(name).isEqualTo(expected);
        }
    }

    @Test
    void aDiffusionModelOfALightningTrainerMerges() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: linear
                        models:
                          - {model: diffusion-a.ckpt, parameters: {weight: 0.25}}
                          - {model: diffusion-b.ckpt, parameters: {weight: 0.75}}
                        """,
                        "--strict",
                        "-v");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("note      diffusion-a.ckpt: the tensors under 'state_dict'");
        assertMerged("diffusion-expected.safetensors");
    }

    @Test
    void aSpeechModelOfItsMakersMerges() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: task_arithmetic
                        base_model: speech-base.pt
                        models:
                          - {model: speech-a.pt, parameters: {weight: 0.5}}
                          - {model: speech-b.pt, parameters: {weight: -0.75}}
                        """,
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertMerged("speech-expected.safetensors");
    }

    @Test
    void aVisionModelMergesAndKeepsItsCounts() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: linear
                        models: [{model: vision-a.pth}, {model: vision-b.pth}]
                        parameters: {weight: 1}
                        """,
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("16 tensors merged, 3 copied, 0 skipped");
        assertMerged("vision-expected.safetensors");
    }

    private String refusal(String file) throws IOException {
        Cli.Result result =
                run("merge_method: passthrough\nmodels: [{model: %s}]\n".formatted(file));
        assertThat(result.code()).isEqualTo(3);
        assertThat(folder.resolve("out")).doesNotExist();
        return result.err();
    }

    @Test
    void wholeModelsAreRefused() throws IOException {
        String hint =
                "none of its code was run; load it where you trust its code, and save only the"
                        + " model's state_dict()";
        for (String file : new String[] {"whole-module.pt", "whole-module-stream.pt"}) {
            assertThat(refusal(file))
                    .contains(
                            file
                                    + ": holds a whole model, not its tensors by name (expected a"
                                    + " dictionary of tensors, found an object of '__main__.Net'); "
                                    + hint);
        }
        assertThat(refusal("module-inside.pt"))
                .contains("(found an object of '__main__.Net' under 'model'); " + hint);
    }

    @Test
    void thePageShowsTheMessage() throws IOException {
        String message =
                refusal("whole-module.pt")
                        .replace("whole-module.pt", "net.pt")
                        .replace("__main__.Net", "net.Net");

        assertThat(message).startsWith("error: net.pt: holds a whole model");
        assertThat(Path.of("docs/how-to/merge-checkpoints.md")).content().contains(message);
    }

    @Test
    void severalModelsInOneFileAreRefused() throws IOException {
        assertThat(refusal("two.pth"))
                .contains(
                        "two.pth: holds several dictionaries of tensors (expected one, or one"
                                + " called 'state_dict', 'model_state_dict', 'model', 'module',"
                                + " 'params_ema', 'params', found 'generator', 'discriminator');"
                                + " save only the one to merge");
    }

    @Test
    void tensorsThatAreNotPlainAreRefused() throws IOException {
        assertThat(refusal("sparse.pt"))
                .contains(
                        "sparse.pt: has an object of 'torch._utils._rebuild_sparse_tensor' under 'w',"
                                + " where a tensor should be; save it as a plain tensor");
    }

    @Test
    void theOnlyDictionaryOfTensorsIsTaken() throws IOException {
        assertThat(run("merge_method: passthrough\nmodels: [{model: one-part.pth}]\n").code())
                .isZero();
        assertThat(LooseFile.floats(folder.resolve("out/model.safetensors"), "w"))
                .containsExactly(1, 1);
    }

    @Test
    void anObjectThatIsNotATensorIsSkippedWithAWarning() throws IOException {
        String recipe = "merge_method: passthrough\nmodels: [{model: array-inside.pt}]\n";

        Cli.Result result = run(recipe, "--dry-run");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .startsWith(
                        "warning: array-inside.pt: objects that are not tensors were skipped:"
                                + " 'array', an object of 'numpy");
        assertThat(run(recipe, "--dry-run", "--strict").code()).isEqualTo(3);
    }
}
