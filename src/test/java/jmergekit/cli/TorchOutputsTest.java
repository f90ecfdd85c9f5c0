package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--no-safe-serialization`, end to end: the tensors are those that safetensors hold.
class TorchOutputsTest {
    private static final String PICKLED = "--no-safe-serialization";
    private static final String TIES =
            """
            merge_method: ties
            base_model: ./base
            models: [{model: ./a, parameters: {weight: 1, density: 0.3}}]
            dtype: bfloat16
            """;
    private static final String MIXTURE =
            """
            base_model: ./base
            gate_mode: random
            experts: [{source_model: ./base}, {source_model: ./a}]
            """;
    private static final String ADAPTERS =
            """
            merge_method: linear
            models:
              - {model: ./one, parameters: {weight: 1}}
              - {model: ./two, parameters: {weight: 0.5}}
            dtype: float32
            """;
    private static final String Q = "model.layers.0.self_attn.q_proj";

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(2, 96, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
    }

    private String run(String... arguments) {
        Cli.Result result = Cli.run(folder, arguments);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private String merge(String recipe, String out, String... options) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        String command = recipe.contains("experts") ? "moe" : "yaml";
        return run(
                Stream.concat(Stream.of(command, "recipe.yml", out), Stream.of(options))
                        .toArray(String[]::new));
    }

    private List<String> weights(String out) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(out))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.matches(".*\\.(bin|safetensors|index\\.json)"))
                    .sorted()
                    .toList();
        }
    }

    /// Shapes, dtypes and bytes by name, of whichever files there are.
    private Map<String, String> tensors(String out) throws IOException {
        Map<String, String> tensors = new TreeMap<>();
        for (String name : weights(out)) {
            Path file = folder.resolve(out).resolve(name);
            if (name.endsWith(".bin")) {
                add(TorchHeader.read(file), tensors);
            } else if (name.endsWith(".safetensors")) {
                add(SafetensorsHeader.read(file), tensors);
            }
        }
        assertThat(tensors).isNotEmpty();
        return tensors;
    }

    private static void add(WeightHeader header, Map<String, String> tensors) {
        try (WeightFile file = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                byte[] bytes = file.view(entry).bytes().toArray(ValueLayout.JAVA_BYTE);
                tensors.put(entry.spec().name(), entry.spec() + HexFormat.of().formatHex(bytes));
            }
        }
    }

    private void writeAdapters() {
        new TinyAdapter(2, 4).factors(Q, 2, 32, 32).write(folder.resolve("one"), "F32");
        new TinyAdapter(3, 3).factors(Q, 3, 32, 32).write(folder.resolve("two"), "F32");
    }

    @ParameterizedTest
    @ValueSource(strings = {TIES, MIXTURE})
    void aModelHasTheTensorsOfItsTwin(String recipe) throws IOException {
        merge(recipe, "twin");
        merge(recipe, "out", PICKLED);

        assertThat(weights("out")).containsExactly("pytorch_model.bin");
        assertThat(tensors("out")).isEqualTo(tensors("twin"));
    }

    @Test
    void mergesOfBothTwinsGiveTheSameModel() throws IOException {
        merge(TIES, "twin", "--out-shard-size", "30K");
        merge(TIES, "out", "--out-shard-size", "30K", PICKLED);
        assertThat(weights("out"))
                .contains("pytorch_model.bin.index.json", "pytorch_model-00001-of-00002.bin");

        for (String model : List.of("twin", "out")) {
            merge(TIES.replace("./a", "./" + model), "from-" + model);
        }

        assertThat(folder.resolve("from-out/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("from-twin/model.safetensors"));
    }

    @Test
    void theBytesDoNotDependOnThreads() throws IOException {
        for (String threads : List.of("1", "3")) {
            merge(TIES, threads, PICKLED, "-j", threads, "--out-shard-size", "30K");
        }

        assertThat(weights("1")).hasSize(3).isEqualTo(weights("3"));
        for (String name : weights("1")) {
            assertThat(folder.resolve("3").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("1").resolve(name));
        }
    }

    @Test
    void aMergedAdapterIsWrittenAndReadAgain() throws IOException {
        writeAdapters();
        merge(ADAPTERS, "twin");
        merge(ADAPTERS, "out", PICKLED);

        assertThat(weights("out")).containsExactly("adapter_model.bin");
        assertThat(tensors("out")).isEqualTo(tensors("twin"));
        for (String adapter : List.of("twin", "out")) {
            merge(TIES.replace("./a", "./a+./" + adapter), "with-" + adapter);
        }
        assertThat(tensors("with-out")).isEqualTo(tensors("with-twin"));
    }

    @Test
    void anExtractedAdapter() throws IOException {
        run("extract-lora", "a", "base", "twin", "--rank", "3");
        run("extract-lora", "a", "base", "out", "--rank", "3", PICKLED);

        assertThat(weights("out")).containsExactly("adapter_model.bin");
        assertThat(tensors("out")).isEqualTo(tensors("twin"));
    }

    @Test
    void aModelThatIsReplacedLeavesNoFileOfTheOtherFormat() throws IOException {
        merge(TIES, "out", "--out-shard-size", "30K");
        merge(TIES, "out", PICKLED, "--overwrite");
        assertThat(weights("out")).containsExactly("pytorch_model.bin");

        merge(TIES, "out", "--overwrite");
        assertThat(weights("out")).containsExactly("model.safetensors");
    }

    @Test
    void aDryRunSaysWhichFilesThereWillBe() throws IOException {
        assertThat(merge(TIES, "out", PICKLED, "--dry-run")).contains("\npytorch_model.bin\n");
        assertThat(merge(TIES, "out", PICKLED, "--dry-run", "--out-shard-size", "30K"))
                .contains(
                        "\npytorch_model-00001-of-00002.bin\n",
                        "\npytorch_model-00002-of-00002.bin\n");
        writeAdapters();
        assertThat(merge(ADAPTERS, "out", PICKLED, "--dry-run")).contains("\nadapter_model.bin\n");
        assertThat(run("extract-lora", "a", "base", "out", PICKLED, "--dry-run"))
                .contains("adapter   adapter_model.bin, at most ");
    }

    // 5 MB of headers would do for safetensors.
    @Test
    void moreTensorsThanAFileHoldsGoIntoFurtherShards() throws IOException {
        TinyModel model = TinyModel.llama(1, 8, false, 0);
        for (int i = 0; i < 51_000; i++) {
            model.with("model.extra." + i, List.of(1, 1, 1, 1, 1), new float[] {i});
        }
        model.write(folder.resolve("many"), "F32");
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: ./many}]\n");

        assertThat(Cli.run(folder, "yaml", "recipe.yml", "out", PICKLED, "--dry-run").out())
                .contains("pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin");
        assertThat(Cli.run(folder, "yaml", "recipe.yml", "out", "--dry-run").out())
                .contains("model.safetensors: 51012 tensors");
    }
}
