package jmergekit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// The recipes in `examples` run as they stand, from the project's folder.
class ExamplesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path EXAMPLES = ROOT.resolve("examples");
    private static final Path MODELS = EXAMPLES.resolve("models");
    private static final Path ADAPTERS = EXAMPLES.resolve("adapters");

    private static final Set<String> FILES =
            Set.of(
                    ".jmergekit-files.json",
                    "README.md",
                    "config.json",
                    "generation_config.json",
                    "mergekit_config.plan.json",
                    "mergekit_config.yml",
                    "model.safetensors",
                    "special_tokens_map.json",
                    "tokenizer.json",
                    "tokenizer_config.json");

    @TempDir private Path folder;

    static Set<String> recipes() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".yml"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everyMergeMethodHasAnExampleOfItsName() throws IOException {
        assertThat(recipes())
                .containsAll(MergeMethods.builtIn().names().stream().map(m -> m + ".yml").toList());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void exampleGivesACompleteModel(String recipe) throws IOException {
        Path output = merge(recipe);

        assertThat(names(output)).isEqualTo(FILES);
        assertThat(output.resolve("mergekit_config.yml"))
                .hasSameTextualContentAs(EXAMPLES.resolve(recipe));
        if (!recipe.equals("tokenizer.yml")) {
            for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                assertThat(output.resolve(file))
                        .hasSameBinaryContentAs(MODELS.resolve("base").resolve(file));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void weightsOfAnExampleAreFiniteAndFitItsConfig(String recipe) throws IOException {
        Path output = merge(recipe);

        Map<String, TinyModel.Values> tensors = TinyModel.read(output);
        ObjectNode config = TinyModel.readConfig(output);
        long layers = tensors.keySet().stream().filter(t -> t.endsWith(".q_proj.weight")).count();

        assertThat(layers).isEqualTo(config.path("num_hidden_layers").intValue());
        assertThat(tensors).hasSize((int) (3 + 9 * layers));
        assertThat(tensors.get("lm_head.weight").shape())
                .isEqualTo(
                        List.of(
                                config.path("vocab_size").intValue(),
                                config.path("hidden_size").intValue()));
        tensors.forEach((name, values) -> {
            for (float value : values.data()) {
                assertThat(value).as(name).isFinite();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void exampleDrawsNoWarning(String recipe) {
        Cli.Result result =
                Cli.run(ROOT, "yaml", "examples/" + recipe, "unused", "--dry-run", "--strict");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
    }

    @Test
    void stackOfTheExampleHasSilencedLayers() throws IOException {
        Map<String, TinyModel.Values> tensors = TinyModel.read(merge("passthrough.yml"));

        for (int layer = 0; layer < 6; layer++) {
            boolean silent = layer == 3 || layer == 4;
            for (String name : List.of("self_attn.o_proj", "mlp.down_proj")) {
                float[] data =
                        tensors.get("model.layers.%d.%s.weight".formatted(layer, name)).data();
                assertThat(isZero(data)).as("%s of layer %d", name, layer).isEqualTo(silent);
            }
        }
    }

    @Test
    void adaptersAreMergedIntoOneOfTheRankStated() {
        Path output = folder.resolve("adapter");
        String recipe = "examples/adapter-merge/ties.yml";

        Cli.Result result = Cli.run(ROOT, "yaml", recipe, output.toString(), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("12 modules truncated", "an adapter of rank 4");
    }

    @Test
    void severalStagesRunInOnePass() throws IOException {
        Path output = folder.resolve("merged");
        String recipes = "examples/multi/three-stages.yml";

        Cli.Result result = Cli.run(ROOT, "multi", recipes, "--out-path=" + output, "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("39 tensors merged");
        assertThat(names(folder)).containsExactly("merged");
    }

    @Test
    void severalStagesAreKeptInFolders() throws IOException {
        Path stages = folder.resolve("stages");

        Cli.Result result =
                Cli.run(
                        ROOT,
                        "multi",
                        "examples/multi/three-stages.yml",
                        "--out-path=" + folder.resolve("merged"),
                        "--intermediate-dir=" + stages,
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(names(stages)).containsExactly("average", "milder");
        assertThat(names(folder.resolve("merged"))).isEqualTo(FILES);
    }

    @Test
    void modelsAreWhatTheirGeneratorWrites() throws IOException {
        ExampleModels.write(folder);

        assertThat(names(MODELS)).containsExactlyElementsOf(ExampleModels.NAMES);
        assertSameFiles(MODELS, ExampleModels.NAMES);
    }

    @Test
    void adaptersAreWhatTheirGeneratorWrites() throws IOException {
        ExampleAdapters.write(folder);

        assertThat(names(ADAPTERS)).containsExactlyElementsOf(ExampleAdapters.NAMES);
        assertSameFiles(ADAPTERS, ExampleAdapters.NAMES);
    }

    private void assertSameFiles(Path stored, List<String> folders) throws IOException {
        for (String name : folders) {
            assertThat(names(stored.resolve(name))).isEqualTo(names(folder.resolve(name)));
            for (String file : names(folder.resolve(name))) {
                assertThat(stored.resolve(name).resolve(file))
                        .as("written by a generator; run its main to write it anew")
                        .hasSameBinaryContentAs(folder.resolve(name).resolve(file));
            }
        }
    }

    @Test
    void vocabularyOfTheExampleHasTheTokensOfChatMl() throws IOException {
        Path output = merge("tokenizer.yml");

        assertThat(TinyModel.readConfig(output).path("vocab_size").intValue()).isEqualTo(266);
        assertThat(output.resolve("tokenizer.json")).content().contains("<|im_start|>");
        assertThat(output.resolve("tokenizer_config.json")).content().contains("<|im_start|>");
    }

    private Path merge(String recipe) {
        Path output = folder.resolve("merged");
        Cli.Result result = Cli.run(ROOT, "yaml", "examples/" + recipe, output.toString());
        assertThat(result.code()).as(result.err()).isZero();
        return output;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isZero(float[] data) {
        for (float x : data) {
            if (x != 0) {
                return false;
            }
        }
        return true;
    }
}
