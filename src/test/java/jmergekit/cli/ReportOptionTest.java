package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reports beside outputs.
class ReportOptionTest {
    private static final String TASKS =
            """
            merge_method: task_arithmetic
            base_model: base
            models:
              - {model: a, parameters: {weight: [0, 1]}}
              - {model: b, parameters: {weight: 0.5}}
            dtype: bfloat16
            """;

    @TempDir private Path folder;

    private TinyModel base;

    @BeforeEach
    void writeModels() {
        base = TinyModel.llama(3, 8, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result run(String command, String recipe, String... arguments) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        return Cli.run(
                folder,
                Stream.concat(Stream.of(command, "recipe.yml", "--quiet"), Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    private String made(String command, String recipe, String... arguments) throws Exception {
        String[] all =
                Stream.concat(Stream.of("out", "--report"), Arrays.stream(arguments))
                        .toArray(String[]::new);
        Cli.Result result = run(command, recipe, all);
        assertThat(result.code()).as(result.err()).isZero();
        return page("out");
    }

    private String page(String output) throws Exception {
        Path file = folder.resolve(output).resolve("report.html");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        return Files.readString(file);
    }

    private List<String> files(String output) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(output))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theCardShowsTheReport() throws Exception {
        String page = made("yaml", TASKS);

        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains(
                        "### Report",
                        "[report.html](report.html)",
                        "![Change from the base by layer](report.svg)");
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("out/report.svg").toFile());
        assertThat(page)
                .contains(
                        "The result compared with each parent",
                        "All elements of all tensors are finite.",
                        "Rounding error of a sample of tensors",
                        "weight by layer",
                        "tensors: read, merged and written",
                        "merge_method: task_arithmetic");
    }

    @Test
    void nothingElseChanges() throws Exception {
        made("yaml", TASKS);
        run("yaml", TASKS, "plain");
        run("yaml", TASKS, "again", "--report", "-j=1");

        List<String> plain = files("plain");
        assertThat(files("out")).containsAll(plain).contains("report.html", "report.svg");
        assertThat(files("out")).hasSize(plain.size() + 2);
        assertThat(plain)
                .filteredOn(f -> !f.equals("README.md") && !f.startsWith(".jmergekit"))
                .allSatisfy(f ->
                        assertThat(folder.resolve("out").resolve(f))
                                .hasSameBinaryContentAs(folder.resolve("plain").resolve(f)));
        assertThat(folder.resolve("again/report.svg"))
                .hasSameBinaryContentAs(folder.resolve("out/report.svg"));
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains(
                        Files.readString(folder.resolve("plain/README.md"))
                                .lines()
                                .filter(l -> l.startsWith("The plan of this output"))
                                .findFirst()
                                .orElseThrow());
    }

    @Test
    void anOutputWithAReportCanBeReplaced() throws Exception {
        made("yaml", TASKS);
        made("yaml", TASKS, "--overwrite");

        assertThat(run("yaml", TASKS, "out", "--overwrite").code()).isZero();
        assertThat(files("out")).doesNotContain("report.html", "report.svg");
    }

    @Test
    void aRunThatGoesOnReportsAllShards() throws Exception {
        String[] sizes = {"--out-shard-size=20KB"};
        Files.writeString(folder.resolve("recipe.yml"), TASKS);
        assertThat(Cli.run(folder, "plan", "recipe.yml", "-o=plan.json", sizes[0]).code()).isZero();
        assertThat(Cli.run(folder, "part", "plan.json", "out", "--index=0", "--of=2").code())
                .isZero();
        String page = made("yaml", TASKS, "--resume", sizes[0]);

        assertThat(page)
                .contains(
                        "From a sample of %,d elements of 30 tensors"
                                .formatted(
                                        TinyModel.read(folder.resolve("out")).values().stream()
                                                .mapToInt(v -> v.data().length)
                                                .sum()));
    }

    @Test
    void infinityThatTheInputsLackIsCounted() throws Exception {
        float[] large = {60_000, 1};
        for (String name : List.of("base", "a", "b")) {
            TinyModel.llama(1, 8, false, 0)
                    .with("model.extra.weight", List.of(2), large)
                    .write(folder.resolve(name), "F32");
        }
        String page =
                made(
                        "yaml",
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: 1}}
                          - {model: b, parameters: {weight: 1}}
                        parameters: {normalize: false}
                        dtype: float16
                        """);

        assertThat(page)
                .contains(
                        "Tensors with NaN or infinite values",
                        "model.extra.weight",
                        "more than in");
    }

    @Test
    void whateverModelsAndTensorsAreCalledThePageIsWellFormed() throws Exception {
        String name = "<b onclick='x'>&amp;\"";
        base.tuned(3)
                .with("model.<img src=x>.weight", List.of(1), new float[] {1})
                .write(folder.resolve(name), "F32");
        base.with("model.<img src=x>.weight", List.of(1), new float[] {2})
                .write(folder.resolve("base"), "F32");
        String page =
                made(
                        "yaml",
                        """
                        merge_method: slerp
                        base_model: base
                        models:
                          - model: base
                          - model: './<b onclick=''x''>&amp;"'
                        parameters: {t: 0.5}
                        dtype: float16
                        """);

        assertThat(page).doesNotContain("<b onclick", "<img");
    }

    @Test
    void copiesAreNotCompared() throws Exception {
        String page = made("yaml", "merge_method: passthrough\nmodels: [{model: a}]\n");

        assertThat(page).doesNotContain("The result compared with each parent");
        assertThat(files("out")).contains("report.html").doesNotContain("report.svg");
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains("[report.html](report.html)")
                .doesNotContain("report.svg");
    }

    @Test
    void rowsOfAMergedVocabularyAreCompared() throws Exception {
        MergeFolder models = new MergeFolder(folder);
        models.model("a", 8, MergeFolder.plain(8), 0);
        models.model("b", 6, MergeFolder.plain(6), 1);
        String page = made("yaml", MergeFolder.average("source: union", "a", "b"));

        assertThat(page).contains("The result compared with each parent", "elements of 12 tensors");
    }

    @Test
    void adaptersCountAsPartOfTheirModels() throws Exception {
        new TinyAdapter(2, 4)
                .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(folder.resolve("lora"), "F32");
        String page = made("yaml", TASKS.replace("model: a,", "model: base+lora,"));

        assertThat(page).contains("base+lora");
    }

    @Test
    void looseTensorsWithoutLayersHaveNoPicture() throws Exception {
        for (String name : List.of("x", "y")) {
            TinyModel.of("None", "none")
                    .with("only", List.of(2), new float[] {name.charAt(0), 0})
                    .write(folder.resolve(name), "F32");
            Files.delete(folder.resolve(name).resolve("config.json"));
        }
        String page =
                made(
                        "pytorch",
                        """
                        merge_method: linear
                        models:
                          - {model: x, parameters: {weight: 1}}
                          - {model: y, parameters: {weight: 1}}
                        """);

        assertThat(page).contains("The result compared with each parent");
        assertThat(files("out")).doesNotContain("report.svg");
    }

    @Test
    void stagesAreReportedWhereTheirParentsAreFiles() throws Exception {
        String recipes =
                """
                name: inner
                merge_method: linear
                models:
                  - {model: a, parameters: {weight: 1}}
                  - {model: b, parameters: {weight: 3}}
                ---
                merge_method: slerp
                base_model: base
                models: [{model: base}, {model: inner}]
                parameters: {t: 0.25}
                """;
        Cli.Result one = run("multi", recipes, "--out-path=one", "--report");
        Cli.Result two = run("multi", recipes, "--out-path=two", "-I=stages", "--report");

        assertThat(one.err() + two.err()).isEmpty();
        assertThat(page("one")).contains("a single tensor or another recipe", "linear of inner");
        assertThat(page("two")).contains("The result compared with each parent");
        assertThat(page("stages/inner")).contains("The result compared with each parent");
    }

    @Test
    void quantisedTensorsHaveErrorsOfTheirOwn() throws Exception {
        for (int seed = 0; seed < 2; seed++) {
            float[] values = new float[128 * 128];
            for (int i = 0; i < values.length; i++) {
                values[i] = ((37 * i + 11 * seed) % 211 - 105) / 128f;
            }
            TinyModel.llama(1, 8, false, seed)
                    .with("model.layers.0.mlp.up_proj.weight", List.of(128, 128), values)
                    .with("model.layers.0.mlp.gate_proj.weight", List.of(128, 128), values)
                    .write(folder.resolve(List.of("a", "b").get(seed)), "F32");
        }
        String page =
                made(
                        "yaml",
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: 1}}
                          - {model: b, parameters: {weight: [2]}}
                        out_dtype: float8_e4m3fn
                        """);

        assertThat(page).contains("2 quantised tensors are not compared", "elements of 10 tensors");
    }

    /// Two experts, each with the matrices of a layer.
    private void writeExperts(String name, int m) {
        TinyModel model =
                TinyModel.llama(1, 8, true, m)
                        .config("model_type", "qwen3_moe")
                        .config("architectures", List.of("ExpertsForCausalLM"))
                        .config("num_experts", 2);
        for (String part : List.of("gate", "up", "down")) {
            String dense = "model.layers.0.mlp." + part + "_proj.weight";
            float[] data = model.data(dense);
            List<Integer> shape = part.equals("down") ? List.of(32, 64) : List.of(64, 32);
            for (int e = 0; e < 2; e++) {
                float[] own = data.clone();
                own[0] += e;
                model.with(dense.replace("mlp.", "mlp.experts." + e + "."), shape, own);
            }
            model.without(dense);
        }
        model.write(folder.resolve(name), "F32");
    }

    @Test
    void expertsInOneTensorAreComparedPartByPart() throws Exception {
        writeExperts("base", 0);
        writeExperts("a", 1);
        writeExperts("b", 2);
        String recipe = TASKS.replace("task_arithmetic", "ties").replace("dtype: bfloat16\n", "");
        String split = made("yaml", recipe);
        String fused = made("yaml", recipe, "--overwrite", "--expert-layout=fused");

        assertThat(TinyModel.read(folder.resolve("out")))
                .containsKey("model.layers.0.mlp.experts.gate_up_proj");
        assertThat(parents(fused)).isEqualTo(parents(split)).contains("Norm ratio");
    }

    /// The table of the parents.
    private static String parents(String page) {
        int begin = page.indexOf("<caption>The result compared with each parent");
        return page.substring(begin, page.indexOf("</table>", begin));
    }

    @Test
    void whatCannotBeReportedIsRefused() throws Exception {
        Cli.Result dry = run("yaml", TASKS, "out", "--report", "--dry-run");
        Cli.Result store = run("yaml", TASKS, "s3://bucket/model", "--report");
        Cli.Result surgeon =
                Cli.run(folder, "tokensurgeon", "a", "b", "out", "--report", "--quiet");

        assertThat(List.of(dry.code(), store.code(), surgeon.code())).containsOnly(2);
        assertThat(dry.err()).contains("--report", "mergekit check");
        assertThat(store.err()).contains("--report", "on this machine");
        assertThat(surgeon.err()).contains("--report", "mergekit_tokensurgeon.json");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
