package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.engine.MethodRuns;
import jmergekit.fixture.Cli;
import jmergekit.fixture.LooseFile;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Merges of files of weights.
class PytorchCommandTest {
    private static final String LINEAR =
            """
            merge_method: linear
            models:
              - {model: a.safetensors, parameters: {weight: 1}}
              - {model: b.safetensors, parameters: {weight: 3}}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        new LooseFile()
                .metadata("modelspec.title", "A \"title\"")
                .metadata("format", "pt")
                .longs("bn.num_batches_tracked", List.of(), 100)
                .floats("conv", List.of(1, 2, 1, 2), 1, 2, 3, 4)
                .floats("scale", List.of(), 8)
                .floats("only_a", List.of(1), 7)
                .write(folder.resolve("a.safetensors"));
        new LooseFile()
                .metadata("modelspec.title", "B")
                .longs("bn.num_batches_tracked", List.of(), 900)
                .floats("conv", List.of(1, 2, 1, 2), 5, 6, 7, 8)
                .floats("scale", List.of(), -4)
                .floats("only_b", List.of(2), 5, 6)
                .write(folder.resolve("b.safetensors"));
    }

    private Cli.Result run(String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("r.yml"), recipe);
        List<String> arguments = new ArrayList<>(List.of("pytorch", "r.yml", "out"));
        arguments.addAll(List.of(options));
        return Cli.run(folder, arguments.toArray(String[]::new));
    }

    private Path merged() {
        return folder.resolve("out/model.safetensors");
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>(LooseFile.header(merged()).propertyNames());
        names.remove("__metadata__");
        return names;
    }

    @Test
    void tensorsThatAllModelsHaveAreMerged() throws IOException {
        Cli.Result result = run(LINEAR, "-i");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(names()).containsExactly("bn.num_batches_tracked", "conv", "scale");
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(4, 5, 6, 7);
        assertThat(LooseFile.floats(merged(), "scale")).containsExactly(-1);
        assertThat(LooseFile.header(merged()).path("scale").path("shape")).isEmpty();
    }

    @Test
    void integersAreThoseOfTheFirstModelOrTheBase() throws IOException {
        run(LINEAR, "-i");
        assertThat(LooseFile.bytes(merged(), "bn.num_batches_tracked")[0]).isEqualTo((byte) 100);

        run("base_model: b.safetensors\n" + LINEAR + "dtype: bfloat16\n", "-i", "--overwrite");

        assertThat(LooseFile.bytes(merged(), "bn.num_batches_tracked"))
                .startsWith((byte) (900 & 255), (byte) (900 >> 8))
                .hasSize(8);
        assertThat(LooseFile.header(merged()).path("conv").path("dtype").asString())
                .isEqualTo("BF16");
    }

    @Test
    void theUnionHasTheTensorsOfEach() throws IOException {
        Cli.Result result = run(LINEAR, "-u");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(names())
                .containsExactly("bn.num_batches_tracked", "conv", "only_a", "only_b", "scale");
        assertThat(LooseFile.floats(merged(), "only_a")).containsExactly(7);
        assertThat(LooseFile.floats(merged(), "only_b")).containsExactly(5, 6);
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(4, 5, 6, 7);
    }

    @Test
    void missingTensorsAreAllListed() throws IOException {
        Cli.Result result = run(LINEAR);

        assertThat(result.code()).isEqualTo(3);
        String hint =
                "; use --tensor-intersection (-i) to merge the tensors that all models have, or"
                        + " --tensor-union (-u) to merge those of any";
        assertThat(result.err().lines())
                .containsExactly(
                        "error: a.safetensors: lacks 1 of the 5 tensors that the models have: only_b"
                                + hint,
                        "error: b.safetensors: lacks 1 of the 5 tensors that the models have: only_a"
                                + hint);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void everyOneOfManyMissingTensorsIsNamed() throws IOException {
        LooseFile many = new LooseFile().floats("x", List.of(1), 1);
        LooseFile one = new LooseFile().floats("x", List.of(1), 1);
        for (int i = 0; i < 40; i++) {
            many.floats("blocks." + i + ".w", List.of(1), 1);
            many.floats("part" + (char) ('a' + i % 26) + i / 26, List.of(1), 1);
        }
        many.write(folder.resolve("a.safetensors"));
        one.write(folder.resolve("b.safetensors"));

        Cli.Result result = run(LINEAR);

        assertThat(result.err())
                .contains("lacks 80 of the 81 tensors")
                .contains("blocks.[0-39].w", "parta0", "partz0", "partn1");
    }

    @Test
    void bothChoicesTogetherAreRefused() throws IOException {
        Cli.Result result = run(LINEAR, "-i", "-u");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "error: --tensor-intersection, --tensor-union: contradict each other; "
                                + "give only one of them\n");
    }

    @Test
    void metadataOfTheBaseOrTheFirstModelIsKept() throws IOException {
        run(LINEAR, "-i");
        assertThat(metadata()).containsEntry("modelspec.title", "A \"title\"");
        assertThat(metadata()).containsEntry("format", "pt").hasSize(2);

        run("base_model: b.safetensors\n" + LINEAR, "-i", "--overwrite");

        assertThat(metadata()).containsEntry("modelspec.title", "B").containsEntry("format", "pt");
    }

    private Map<String, String> metadata() throws IOException {
        Map<String, String> metadata = new java.util.TreeMap<>();
        LooseFile.header(merged())
                .path("__metadata__")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
        return metadata;
    }

    @Test
    void theOutputHasCardsAndNoConfig() throws IOException {
        Cli.Result result = run(LINEAR, "-i");

        assertThat(result.err()).contains("out: 2 tensors merged, 1 copied, 2 skipped");
        assertThat(folder.resolve("out").toFile().list())
                .containsExactlyInAnyOrder(
                        ".jmergekit-files.json",
                        "README.md",
                        "mergekit_config.plan.json",
                        "mergekit_config.yml",
                        "model.safetensors");
        assertThat(folder.resolve("out/mergekit_config.yml")).hasContent(LINEAR);
        assertThat(folder.resolve("out/README.md"))
                .content()
                .startsWith("---\nbase_model: []\ntags:\n- mergekit\n- merge\n---\n\n# out\n")
                .contains("* a.safetensors\n* b.safetensors\n")
                .contains("- `only_a` of a.safetensors: that not all models have\n")
                .doesNotContain("`bn.num_batches_tracked`");
    }

    @Test
    void withoutCardsTheOutputIsTheWeights() throws IOException {
        assertThat(run(LINEAR, "-i", "--no-write-model-card").code()).isZero();

        assertThat(folder.resolve("out").toFile().list())
                .containsExactlyInAnyOrder(".jmergekit-files.json", "model.safetensors");
        assertThat(run(LINEAR, "-u", "--no-write-model-card", "--overwrite").code()).isZero();
    }

    @Test
    void shardsHaveTheMetadataAndAnIndex() throws IOException {
        assertThat(run(LINEAR, "-i", "--out-shard-size", "24").code()).isZero();

        for (int i = 1; i <= 2; i++) {
            Path shard = folder.resolve("out/model-0000%d-of-00002.safetensors".formatted(i));
            assertThat(
                            LooseFile.header(shard)
                                    .path("__metadata__")
                                    .path("modelspec.title")
                                    .asString())
                    .isEqualTo("A \"title\"");
        }
        assertThat(folder.resolve("out/model.safetensors.index.json"))
                .content()
                .contains("\"conv\": \"model-0000");

        // What was written is read again: by its index, and as a folder.
        for (String model : List.of("out", "out/model.safetensors.index.json")) {
            Files.writeString(
                    folder.resolve("again.yml"),
                    "merge_method: passthrough\nmodels: [{model: %s}]\n".formatted(model));
            Cli.Result again =
                    Cli.run(folder, "pytorch", "again.yml", "again", "--overwrite", "--strict");
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(LooseFile.floats(folder.resolve("again/model.safetensors"), "conv"))
                    .containsExactly(4, 5, 6, 7);
        }
    }

    @Test
    void aShardAloneIsRefused() throws IOException {
        run(LINEAR, "-i", "--out-shard-size", "24");

        Cli.Result dry =
                run(
                        LINEAR.replace("a.safetensors", "out/model-00001-of-00002.safetensors"),
                        "--dry-run");
        assertThat(dry.code()).isEqualTo(3);
        assertThat(dry.err())
                .contains("is one of several shards (expected all of them); name their index");
    }

    @Test
    void aWeightOfZeroCounts() throws IOException {
        run(LINEAR.replace("weight: 3", "weight: 0"), "-i");

        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void defaultsStandForMissingParameters() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: ties
                        base_model: a.safetensors
                        models: [{model: b.safetensors, parameters: {weight: 1}}]
                        """,
                        "-i");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(5, 6, 7, 8);
    }

    @Test
    void filtersTakeRawNamesAndGradientsTheirFirstValue() throws IOException {
        run(
                """
                merge_method: linear
                models:
                  - model: a.safetensors
                    parameters: {weight: [{filter: onv, value: [1, 50]}, {value: 0}]}
                  - {model: b.safetensors, parameters: {weight: 1}}
                """,
                "-i");

        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(3, 4, 5, 6);
        assertThat(LooseFile.floats(merged(), "scale")).containsExactly(-4);
    }

    static Set<String> methods() {
        return new TreeSet<>(MethodRuns.METHODS);
    }

    // Of scalars, tensors of one element and none, integers and masks.
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodMergesTensorsOfEveryRank(String method) throws IOException {
        for (int i = 0; i < 4; i++) {
            new LooseFile()
                    .floats("scalar", List.of(), i - 1.5)
                    .floats("opposite", List.of(), i % 2 == 0 ? 1 : -1)
                    .floats("zero", List.of(), 0)
                    .floats("one", List.of(1), 1 + i * i)
                    .floats("none", List.of(0, 3))
                    .floats("five", List.of(1, 2, 1, 2, 1), 1, 2 + i, 3, 4 - i)
                    .longs("count", List.of(), i)
                    .tensor("mask", "BOOL", List.of(2), new byte[] {1, 0})
                    .write(folder.resolve("m" + i + ".safetensors"));
        }

        Cli.Result result = run(recipe(method));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(names()).hasSize(8);
        for (String name : List.of("scalar", "opposite", "zero", "one", "five")) {
            for (float value : LooseFile.floats(merged(), name)) {
                assertThat(value).as(name).isFinite();
            }
        }
        assertThat(LooseFile.floats(merged(), "zero")).containsExactly(0);
        assertThat(LooseFile.bytes(merged(), "mask")).containsExactly(1, 0);
    }

    /// Of a base `m0`, if the method has one, and up to three others.
    private static String recipe(String method) {
        MethodInfo info = MergeMethods.builtIn().named(method).orElseThrow().info();
        StringBuilder recipe = new StringBuilder("merge_method: " + method + "\n");
        if (info.base() != MethodInfo.Base.ORDINARY) {
            recipe.append("base_model: m0.safetensors\n");
        }
        recipe.append("models:\n");
        int models = Math.min(3, info.most());
        for (int i = 1; i <= models; i++) {
            recipe.append("  - {model: m%d.safetensors}\n".formatted(i));
        }
        return recipe.append("parameters: {weight: 0.5, t: 0.25, r: 0.1}\n").toString();
    }

    // Methods then have fewer models than they ask for in a recipe.
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodTakesTheUnion(String method) throws IOException {
        for (int i = 0; i < 4; i++) {
            LooseFile file = new LooseFile().floats("all", List.of(2), i, 1);
            file.floats("only_" + i, List.of(3), 4 + i, 5, 6);
            if (i < 2) {
                file.floats("base_and_1", List.of(4), 1 + i, 2, 3 - i, 4);
            }
            file.write(folder.resolve("m" + i + ".safetensors"));
        }

        Cli.Result result = run(recipe(method), "-u");

        assertThat(result.code()).as(result.err()).isZero();
        for (String name : names()) {
            for (float value : LooseFile.floats(merged(), name)) {
                assertThat(value).as(name).isFinite();
            }
        }
        MethodInfo info = MergeMethods.builtIn().named(method).orElseThrow().info();
        boolean withBase = info.base() != MethodInfo.Base.ORDINARY;
        for (int i = withBase ? 0 : 1; i <= Math.min(3, info.most()); i++) {
            assertThat(LooseFile.floats(merged(), "only_" + i)).containsExactly(4 + i, 5, 6);
        }
        assertThat(names()).contains("all", "base_and_1");
    }

    @Test
    void slerpGoesFromScalarToScalar() throws IOException {
        run(
                """
                merge_method: slerp
                base_model: a.safetensors
                models: [{model: b.safetensors}]
                parameters: {t: 0.25}
                """,
                "-i");

        // One number has no angle to another: 0.75 * 8 + 0.25 * -4.
        assertThat(LooseFile.floats(merged(), "scale")).containsExactly(5);
    }

    @Test
    void theUnionKeepsWhatOneModelHasBesideTheBase() throws IOException {
        Cli.Result result =
                run(
                        """
                        merge_method: task_arithmetic
                        base_model: a.safetensors
                        models: [{model: b.safetensors, parameters: {weight: 0.5}}]
                        """,
                        "-u");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(LooseFile.floats(merged(), "only_a")).containsExactly(7);
        assertThat(LooseFile.floats(merged(), "only_b")).containsExactly(5, 6);
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(3, 4, 5, 6);
    }

    @Test
    void aWeightThatIsNotNormalizedCountsForALoneTensor() throws IOException {
        run(
                """
                merge_method: linear
                models:
                  - {model: a.safetensors, parameters: {weight: 0.5}}
                  - {model: b.safetensors, parameters: {weight: 0.25}}
                parameters: {normalize: false}
                """,
                "-u");

        assertThat(LooseFile.floats(merged(), "only_a")).containsExactly(3.5f);
        assertThat(LooseFile.floats(merged(), "only_b")).containsExactly(1.25f, 1.5f);
        assertThat(LooseFile.floats(merged(), "scale")).containsExactly(3);
    }

    @Test
    void theUnionHasNoDifferenceToABaseThatLacksATensor() throws IOException {
        new LooseFile().floats("only_b", List.of(2), 1, 1).write(folder.resolve("c.safetensors"));

        Cli.Result result =
                run(
                        """
                        merge_method: ties
                        base_model: a.safetensors
                        models: [{model: b.safetensors}, {model: c.safetensors}]
                        parameters: {weight: 1}
                        """,
                        "-u");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "a.safetensors: the base model lacks tensor 'only_b', which 'b.safetensors' and"
                                + " 'c.safetensors' have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "5"})
    void anyNumberOfThreadsGivesTheSameBytes(String threads) throws IOException {
        String recipe =
                """
                merge_method: dare_ties
                base_model: a.safetensors
                models: [{model: b.safetensors, parameters: {weight: 0.7, density: 0.5}}]
                """;
        run(recipe, "-u");
        byte[] expected = Files.readAllBytes(merged());

        run(recipe, "-u", "-j", threads, "--overwrite");

        assertThat(Files.readAllBytes(merged())).isEqualTo(expected);
    }

    @Test
    void aDryRunShowsThePlanAndWritesNothing() throws IOException {
        Cli.Result text = run(LINEAR, "-i", "--dry-run");
        Cli.Result json = run(LINEAR, "-i", "--dry-run", "--format", "json");

        assertThat(text.out())
                .contains("model     a.safetensors (4 tensors)")
                .contains("tensors   2 tensors merged, 1 copied, 2 skipped")
                .contains("skipped a.safetensors: only_a, that not all models have")
                .contains("metadata  of a.safetensors: modelspec.title");
        assertThat(json.out()).contains("\"metadata\":{\"modelspec.title\":\"A \\\"title\\\"\"}");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void theHashNamesWhatTheOutputIsMadeOf() throws IOException {
        run(LINEAR, "-i");
        String hash = Files.readString(folder.resolve("out/mergekit_config.plan.json"));
        assertThat(hash).startsWith("{\n  \"plan\": \"sha256:").contains("\"random_seed\": 0");

        run(LINEAR, "-u", "--overwrite");

        assertThat(Files.readString(folder.resolve("out/mergekit_config.plan.json")))
                .isNotEqualTo(hash);
    }

    @Test
    void theOutputCannotBeTheFolderOfAnInput() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Files.move(folder.resolve("a.safetensors"), folder.resolve("out/a.safetensors"));

        Cli.Result result = run(LINEAR.replace("model: a.", "model: out/a."), "-i", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(folder.resolve("out/a.safetensors")).exists();
    }

    @Test
    void aFolderWithAConfigDrawsAWarning() throws IOException {
        Path model = Files.createDirectory(folder.resolve("unet"));
        Files.copy(
                folder.resolve("a.safetensors"),
                model.resolve("diffusion_pytorch_model.safetensors"));
        Files.writeString(model.resolve("config.json"), "{}", StandardCharsets.UTF_8);
        String recipe = LINEAR.replace("a.safetensors", "unet");

        Cli.Result result = run(recipe, "-i");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("warning: unet: its config.json is neither read nor written");
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(4, 5, 6, 7);
        assertThat(run(recipe, "-i", "--strict", "--overwrite").code()).isEqualTo(3);
    }

    @Test
    void checkpointsOfOneNameInTwoFoldersAreTwoModels() throws IOException {
        for (String name : List.of("a", "b")) {
            Path run = Files.createDirectories(folder.resolve(name + "/run"));
            Files.copy(folder.resolve(name + ".safetensors"), run.resolve("last.safetensors"));
        }

        Cli.Result result =
                run(
                        LINEAR.replace("a.safetensors", "a/run/last.safetensors")
                                .replace("b.safetensors", "b/run/last.safetensors"),
                        "-i");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(LooseFile.floats(merged(), "conv")).containsExactly(4, 5, 6, 7);
    }
}
