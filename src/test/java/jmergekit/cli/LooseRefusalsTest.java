package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.LooseFile;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Recipes and files that `mergekit pytorch` refuses, or warns of.
class LooseRefusalsTest {
    private static final String MODELS =
            """
            models:
              - {model: a.safetensors, parameters: {weight: 1}}
              - {model: b.safetensors, parameters: {weight: 1}}
            """;

    private static final String LINEAR = "merge_method: linear\n" + MODELS;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        write("a.safetensors", 1);
        write("b.safetensors", 2);
    }

    private void write(String name, double value) throws IOException {
        new LooseFile().floats("w", List.of(2), value, value).write(folder.resolve(name));
    }

    private Cli.Result run(String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("r.yml"), recipe);
        List<String> arguments = new ArrayList<>(List.of("pytorch", "r.yml", "out"));
        arguments.addAll(List.of(options));
        return Cli.run(folder, arguments.toArray(String[]::new));
    }

    private String refusal(int code, String recipe, String... options) throws IOException {
        Cli.Result result = run(recipe, options);
        assertThat(result.err()).doesNotContain("Exception");
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        return result.err();
    }

    /// With the model in the place of `b`.
    private String refused(String model) throws IOException {
        return refusal(3, LINEAR.replace("b.safetensors", model));
    }

    @AfterEach
    void nothingWasWritten() {
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void slicesAndModulesAreRefusedWithTheirPlace() throws IOException {
        String slices =
                """
                merge_method: passthrough
                slices:
                  - sources: [{model: a.safetensors, layer_range: [0, 1]}]
                """;
        assertThat(refusal(2, slices))
                .contains(
                        "r.yml:3:5: 'slices' needs models with layers and does not work with loose tensors")
                .contains("list whole files under 'models', or run mergekit-yaml with folders");
        String modules =
                """
                merge_method: passthrough
                modules:
                  text: {models: [{model: a.safetensors}]}
                """;
        assertThat(refusal(2, modules))
                .contains(
                        "r.yml:3:3: 'modules' needs models with modules and does not work with loose tensors");
    }

    @Test
    void whatIsForTokenizersIsRefusedWithItsPlace() throws IOException {
        assertThat(refusal(2, LINEAR + "tokenizer: {source: union}\nchat_template: chatml\n"))
                .contains("r.yml:5:12: 'tokenizer' needs models with tokenizers")
                .contains("r.yml:6:16: 'chat_template' needs models with tokenizers");
        assertThat(refusal(2, LINEAR + "tokenizer_source: base\n"))
                .contains("r.yml:5:", "'tokenizer' needs models with tokenizers");
    }

    @Test
    void theMethodIsCheckedAsInAnyRecipe() throws IOException {
        assertThat(refusal(2, "merge_method: liner\n" + MODELS))
                .contains("unknown merge method 'liner' (did you mean 'linear'?)");
        assertThat(refusal(2, "merge_method: ties\n" + MODELS))
                .contains("r.yml:1:15: merge method 'ties' needs a base model");
        assertThat(refusal(2, "merge_method: passthrough\n" + MODELS))
                .contains(
                        "wrong number of models for merge method 'passthrough' (expected exactly one"
                                + " model, found 2)");
        assertThat(refusal(2, LINEAR.replace(", parameters: {weight: 1}", "")))
                .contains("needs parameter 'weight' for model 'a.safetensors'");
        write("c.safetensors", 3);
        assertThat(refusal(2, "base_model: c.safetensors\n" + LINEAR))
                .contains("needs parameter 'weight' for model 'c.safetensors'");
    }

    @Test
    void everythingWrongIsSaidAtOnce() throws IOException {
        Files.writeString(folder.resolve("broken.pt"), "no checkpoint");

        String errors =
                refusal(
                        2,
                        """
                        merge_method: linear
                        models: [{model: gone.ckpt}, {model: broken.pt}]
                        dtype: float31
                        chat_template: auto
                        """);

        assertThat(errors)
                .contains("gone.ckpt: no such file")
                .contains("broken.pt: is not a PyTorch checkpoint")
                .contains("unknown dtype")
                .contains("'chat_template' needs");
    }

    @Test
    void filesThatAreNoWeightsAreRefused() throws IOException {
        for (String name : List.of("m.onnx", "m.gguf", "m.txt")) {
            Files.writeString(folder.resolve(name), "text");
        }

        assertThat(refused("m.onnx"))
                .contains(
                        "m.onnx: not a weight file (expected a *.safetensors, *.bin, *.pt, *.pth"
                                + " or *.ckpt file, an index of shards, or a folder)");
        assertThat(refused("m.gguf")).contains("m.gguf: holds no weights that can be merged");
        assertThat(refused("gone.safetensors")).contains("gone.safetensors: no such file");
        assertThat(refused("./gone")).contains("./gone: no such file");
    }

    @ParameterizedTest
    @CsvSource({
        "x.safetensors, header",
        "x.pt, is not a PyTorch checkpoint",
        "x.ckpt, is not a PyTorch checkpoint"
    })
    void textUnderAnotherNameIsRefused(String name, String message) throws IOException {
        Files.writeString(folder.resolve(name), "<!DOCTYPE html><html>not found</html>");

        assertThat(refused(name)).contains("error: " + name + ": ").contains(message);
    }

    @Test
    void pointersOfGitAreRefused() throws IOException {
        Files.writeString(
                folder.resolve("x.ckpt"), "version https://git-lfs.github.com/spec/v1\noid x\n");

        assertThat(refused("x.ckpt")).contains("is a Git LFS pointer, not the weights");
    }

    @Test
    void cutFilesAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("b.safetensors"));
        Files.write(folder.resolve("b.safetensors"), Arrays.copyOf(whole, whole.length - 1));

        assertThat(refusal(3, LINEAR)).contains("b.safetensors: ");
    }

    @Test
    void otherShapesAreRefusedByName() throws IOException {
        new LooseFile().floats("w", List.of(1, 2), 1, 2).write(folder.resolve("b.safetensors"));

        assertThat(refusal(3, LINEAR))
                .contains(
                        "b.safetensors: tensor 'w' is [1, 2], but 'a.safetensors' has [2]; only tensors"
                                + " of the same shape can be merged");
    }

    @Test
    void filesWithoutTensorsAreRefused() throws IOException {
        new LooseFile().metadata("format", "pt").write(folder.resolve("b.safetensors"));

        assertThat(refusal(3, LINEAR)).contains("b.safetensors: holds no tensors");
    }

    @Test
    void modelsWithNothingInCommonAreRefused() throws IOException {
        new LooseFile().floats("v", List.of(2), 1, 2).write(folder.resolve("b.safetensors"));

        assertThat(refusal(3, LINEAR, "-i"))
                .contains("r.yml: no tensor is in all models; their checkpoints use");
    }

    private static final String PREFIX =
            "all names of 'b.safetensors' begin with 'module.'; without it they match those of"
                    + " 'a.safetensors': save it again without 'module.'\n";

    @Test
    void aPrefixThatKeepsModelsApartIsNamed() throws IOException {
        new LooseFile()
                .floats("module.w", List.of(2), 1, 2)
                .floats("module.only.b", List.of(1), 1)
                .write(folder.resolve("b.safetensors"));

        assertThat(refusal(3, LINEAR, "-i"))
                .isEqualTo("error: r.yml: no tensor is in all models; " + PREFIX);
        assertThat(refusal(3, LINEAR, "-u", "--strict"))
                .isEqualTo(
                        "error: r.yml: nothing is merged: no tensor is in more than one model; "
                                + PREFIX);
        Cli.Result union = run(LINEAR, "-u", "--dry-run");
        assertThat(union.code()).isZero();
        assertThat(union.err()).startsWith("warning: r.yml: nothing is merged").endsWith(PREFIX);
    }

    @Test
    void aUnionSaysWhichModelIsMergedWithNone() throws IOException {
        write("c.safetensors", 3);
        new LooseFile().floats("module.w", List.of(2), 1, 2).write(folder.resolve("b.safetensors"));
        String three = LINEAR + "  - {model: c.safetensors, parameters: {weight: 1}}\n";

        assertThat(run(three, "-u", "--dry-run").err())
                .isEqualTo(
                        "warning: b.safetensors: nothing of it is merged: it shares no tensor with"
                                + " any other model; "
                                + PREFIX);
        assertThat(refusal(3, three, "-i")).contains(PREFIX);
        write("b.safetensors", 2);
        assertThat(run(three, "-u", "--dry-run").err()).isEmpty();
    }

    @Test
    void anArchiveOfTwoCheckpointsIsRefused() throws IOException {
        new ZipBytes()
                .add("m/data.pkl", new byte[1])
                .add("n/data.pkl", new byte[1])
                .write(folder.resolve("two.pt"));

        assertThat(refused("two.pt"))
                .contains(
                        "two.pt: is a zip archive of several checkpoints (expected one '*/data.pkl',"
                                + " found 'm/data.pkl', 'n/data.pkl')");
    }

    @Test
    void aPrefixOfAllNamesIsRecognised() throws IOException {
        new LooseFile()
                .floats("x.w", List.of(1), 1)
                .floats("y.w", List.of(1), 1)
                .write(folder.resolve("a.safetensors"));
        new LooseFile()
                .floats("module.x.w", List.of(1), 1)
                .floats("module.y.w", List.of(1), 1)
                .write(folder.resolve("b.safetensors"));

        assertThat(refusal(3, LINEAR).lines())
                .containsExactly(
                        "error: a.safetensors: lacks 2 of the 4 tensors that the models have:"
                                + " module.x.w, module.y.w; it has them without the prefix 'module.':"
                                + " save it again with the names of the others",
                        "error: b.safetensors: lacks 2 of the 4 tensors that the models have: x.w, y.w;"
                                + " it has them with the prefix 'module.': save it again with the names"
                                + " of the others");
    }

    @Test
    void adaptersAreRefused() throws IOException {
        Files.createDirectory(folder.resolve("lora"));

        assertThat(refused("b.safetensors+lora"))
                .contains("b.safetensors+lora: an adapter cannot be applied to loose tensors");
    }

    @Test
    void foldersMustHoldOneModel() throws IOException {
        Path several = Files.createDirectory(folder.resolve("several"));
        assertThat(refused("./several"))
                .contains("holds no model weights (expected model.safetensors, ")
                .contains("any one *.safetensors file, or pytorch_model.bin")
                .contains("any one *.bin or *.pt or *.pth or *.ckpt file)");

        for (String name : List.of("a", "b")) {
            Files.copy(
                    folder.resolve(name + ".safetensors"), several.resolve(name + ".safetensors"));
        }
        assertThat(refused("several")).contains("holds several weight files and no index");

        for (String name : List.of("x", "y")) {
            Files.writeString(several.resolve(name + ".safetensors.index.json"), "{}");
        }
        assertThat(refused("several"))
                .contains(
                        "several: holds several indexes of shards (found x.safetensors.index.json,"
                                + " y.safetensors.index.json); name one of them");
        assertThat(refused("several/x.safetensors.index.json")).contains("has no 'weight_map'");

        Files.writeString(
                several.resolve("x.safetensors.index.json"),
                "{\"weight_map\": {\"w\": \"x-00001-of-00001.safetensors\"}}");
        assertThat(refused("several/x.safetensors.index.json"))
                .contains("names shard 'x-00001-of-00001.safetensors', which is not in the folder");
        Files.writeString(
                several.resolve("x.safetensors.index.json"),
                "{\"weight_map\": {\"w\": \"../a.safetensors\"}}");
        assertThat(refused("several/x.safetensors.index.json"))
                .contains("'../a.safetensors', which is not the plain name");
    }

    @Test
    void quantisedWeightsAreRefused() throws IOException {
        for (String name : List.of("a", "b")) {
            new LooseFile()
                    .tensor("w", "I8", List.of(2, 2), new byte[] {1, 2, 3, 4})
                    .floats("w.scales", List.of(2), 1, 2)
                    .write(folder.resolve(name + ".safetensors"));
        }
        assertThat(refusal(3, LINEAR))
                .contains("b.safetensors: tensor 'w' holds quantised weights as I8 and cannot be");

        for (String name : List.of("a", "b")) {
            new LooseFile()
                    .tensor("w.weight", "F8_E4M3", List.of(2, 2), new byte[] {1, 2, 3, 4})
                    .floats("w.weight_scale", List.of(), 2)
                    .write(folder.resolve(name + ".safetensors"));
        }
        assertThat(refusal(3, LINEAR))
                .contains("tensor 'w.weight' is quantised with its own scale");
    }

    @Test
    void countsThatAreFloatsInOneModelDrawAWarning() throws IOException {
        new LooseFile().longs("w", List.of(2), 3, 4).write(folder.resolve("b.safetensors"));

        Cli.Result result = run(LINEAR, "--dry-run");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains(
                        "warning: a.safetensors: tensor 'w' is F32 here and is copied from 'b.safetensors'"
                                + " as I64; integers are positions or counts");
        assertThat(refusal(3, LINEAR, "--strict")).contains("tensor 'w' is F32 here");
    }

    @Test
    void filtersThatMatchNothingDrawAWarning() throws IOException {
        Cli.Result result =
                run(
                        LINEAR.replace(
                                "{weight: 1}}\n  - {model: b",
                                "{weight: [{filter: attn, value: 2}, {value: 1}]}}\n  - {model: b"),
                        "--dry-run");

        assertThat(result.err()).contains("filter 'attn' of parameter 'weight' matches no tensor");
    }

    /// A pickle that makes `w` and would write a file in Python.
    private static PickleBytes hostile() {
        PickleBytes pickle = PickleBytes.protocol2().op('}').mark();
        pickle.text("w").row("FloatStorage", "0", 2);
        return pickle.text("x").global("posix", "system").text("touch run").op(0x85, 'R');
    }

    private void zip(String name, PickleBytes pickle) throws IOException {
        new ZipBytes()
                .add("m/data.pkl", pickle.stop())
                .add("m/data/0", new byte[8])
                .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII))
                .write(folder.resolve(name));
    }

    @Test
    void nothingOfAPickleIsRun() throws IOException {
        zip("x.pt", hostile().op('u'));

        Cli.Result result = run(LINEAR.replace("b.safetensors", "x.pt"), "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("x.pt: objects that are not tensors were skipped: 'x', an")
                .contains("object of 'posix.system'");
    }

    @Test
    void damagedPicklesAreRefused() throws IOException {
        zip("x.pt", PickleBytes.protocol2().op('}').mark().text("w").op('u'));
        assertThat(refused("x.pt")).contains("its pickle is damaged");
        zip("x.pt", PickleBytes.protocol2().op(']'));
        assertThat(refused("x.pt")).contains("holds no dictionary of tensors (found a list)");
        zip("x.pt", PickleBytes.protocol2().global("torch", "ComplexFloatStorage"));
        assertThat(refused("x.pt")).contains("holds tensors of 'torch.ComplexFloatStorage'");
    }

    @Test
    void aDictionaryThatHoldsItselfIsRefused() throws IOException {
        PickleBytes self = PickleBytes.protocol2().op('}', 'q', 0).mark();
        self.text("w").row("FloatStorage", "0", 2).op('u').mark();
        self.text("model").op('h', 0, 'u');
        zip("x.pt", self);

        assertThat(refused("x.pt"))
                .contains(
                        "its tensors are nested too deeply (found under"
                                + " 'model.model.model.model.model')");
    }

    @Test
    void theHubIsAskedForFilesInRepositoriesOnly() throws IOException {
        assertThat(refused("org/gone.safetensors"))
                .contains("org/gone.safetensors: no such file")
                .contains("files of the hub are written 'organisation/name/file.safetensors'");
        assertThat(refused("org/name/x.safetensors"))
                .contains("org/name/x.safetensors: not in the download cache")
                .contains("there is no file '" + folder.resolve("org/name/x.safetensors") + "'");
    }
}
