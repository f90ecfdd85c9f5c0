package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a recipe would do, said without doing it.
class CheckCommandTest {
    private static final String TASKS =
            """
            merge_method: task_arithmetic
            base_model: base
            models:
              - {model: a, parameters: {weight: [0, 1]}}
              - {model: b, parameters: {weight: 0.5}}
            """;

    @TempDir private Path folder;

    private TinyModel base;
    private TinyModel a;
    private TinyModel b;

    @BeforeEach
    void writeModels() {
        MergeFolder.plain(8).write(folder.resolve("base"));
        base = TinyModel.llama(3, 8, false, 0).write(folder.resolve("base"), "F32");
        a = base.tuned(1).write(folder.resolve("a"), "F32");
        b = base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result check(String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        return Cli.run(
                folder,
                Stream.concat(Stream.of("check", "recipe.yml"), Arrays.stream(options))
                        .toArray(String[]::new));
    }

    private JsonNode json(String recipe, String... options) throws IOException {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--json";
        Cli.Result result = check(recipe, all);
        assertThat(result.code()).as(result.err()).isZero();
        return JsonMapper.shared().readTree(result.out());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertRefused(Cli.Result result, int code, String... words) {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(words)
                .startsWith("error: ")
                .doesNotContain("Exception", "\tat ", "defect");
    }

    @Test
    void everythingIsSaidAndNothingIsLeft() throws IOException {
        Cli.Result result = check(TASKS);

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains(
                        "model     base: 30 tensors, ",
                        "tensors   30 by task_arithmetic",
                        "plan      sha256:",
                        "    weight of a\n",
                        "▁▅█  0 in layer 0, 0.5 in layer 1, 1 in layer 2",
                        "memory    about ",
                        "disk      ",
                        "time      about ",
                        "the base is base",
                        "a and b  ");
        assertThat(files()).containsExactly("a", "b", "base", "recipe.yml");
    }

    @Test
    void theHashIsThatOfTheRun() throws IOException {
        JsonNode check = json(TASKS).path("outputs").path(0);

        Cli.run(folder, "yaml", "recipe.yml", "out", "--quiet");

        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains(check.path("plan").stringValue());
    }

    @Test
    void interferenceIsThatOfTheModels() throws IOException {
        JsonNode found = json(TASKS).path("outputs").path(0).path("interference").path(0);
        double[] sums = new double[4];
        long[] signs = new long[2];
        TinyModel.read(folder.resolve("base"))
                .forEach((name, values) -> {
                    for (int i = 0; i < values.data().length; i++) {
                        double x = values.data()[i];
                        double da = a.data(name)[i] - x;
                        double db = b.data(name)[i] - x;
                        sums[0] += x * x;
                        sums[1] += da * da;
                        sums[2] += db * db;
                        sums[3] += da * db;
                        signs[0] += da * db < 0 ? 1 : 0;
                        signs[1] += da * db != 0 ? 1 : 0;
                    }
                });

        JsonNode pair = found.path("pairs").path(0);
        assertThat(found.path("changes").path(0).path("relative_change").doubleValue())
                .isCloseTo(Math.sqrt(sums[1] / sums[0]), within(1e-9));
        assertThat(pair.path("cosine").doubleValue())
                .isCloseTo(sums[3] / Math.sqrt(sums[1] * sums[2]), within(1e-9));
        assertThat(pair.path("sign_conflict").doubleValue())
                .isCloseTo((double) signs[0] / signs[1], within(1e-12));
        assertThat(found.path("layers")).hasSize(3);
    }

    @Test
    void theEstimateIsOfAllBytes() throws IOException {
        JsonNode time = json(TASKS).path("outputs").path(0).path("time");

        assertThat(time.path("tensor_seconds").doubleValue()).isPositive().isLessThan(60);
        assertThat(time.path("sample_bytes").longValue()).isEqualTo(time.path("bytes").longValue());
        assertThat(time.path("writes").booleanValue()).isTrue();
    }

    @Test
    void aQuickCheckReadsHeadersAlone() throws IOException {
        Cli.Result result = check(TASKS, "--quick");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("weight of a").doesNotContain("time  ", "cosine");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/thesis.txt"), "x");
        Cli.Result result =
                check(TASKS.replace("weight: 0.5", "wait: 0.5"), "-o=out", "--num-threads=0");

        assertRefused(result, 2, "--num-threads", "'wait'", "the output folder is not empty");
    }

    @Test
    void aModelThatIsNotThereIsAnInputRefused() throws IOException {
        assertRefused(check(TASKS.replace("model: a,", "model: ./none,")), 3, "./none");
    }

    @Test
    void warningsAreErrorsIfStrict() throws IOException {
        base.config("rope_theta", 4).write(folder.resolve("base"), "F32");
        a.config("rope_theta", 5).write(folder.resolve("a"), "F32");
        b.config("rope_theta", 6).write(folder.resolve("b"), "F32");
        Cli.Result lax = check(TASKS, "--html=page.html");

        assertThat(lax.code()).as(lax.err()).isZero();
        assertThat(lax.err()).startsWith("warning: ").contains("rope_theta");
        assertThat(Files.readString(folder.resolve("page.html"))).contains("rope_theta");
        assertRefused(check(TASKS, "--strict"), 3, "rope_theta");
    }

    @Test
    void aSearchIsForAnotherCommand() throws IOException {
        assertRefused(
                check("genome: {models: [a, b], merge_method: linear}\ntasks: []\n"),
                2,
                "mergekit-evolve");
    }

    @Test
    void thePageIsWellFormedWhateverModelsAreCalled() throws Exception {
        String name = "<b onclick='x'>&amp;\"";
        base.tuned(3).write(folder.resolve(name), "F32");
        String recipe = TASKS.replace("model: a,", "model: './<b onclick=''x''>&amp;\"',");
        Cli.Result result = check(recipe, "--html=page.html", "-q");

        assertThat(result.out() + result.err()).isEmpty();
        String page = Files.readString(folder.resolve("page.html"));
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("page.html").toFile());
        assertThat(page).contains("&lt;b onclick").doesNotContain("<b onclick");
    }

    @Test
    void aPageReplacesPagesAlone() throws IOException {
        Files.writeString(folder.resolve("page.html"), "mine");

        assertRefused(check(TASKS, "--html=page.html"), 4, "page.html");
        assertThat(folder.resolve("page.html")).hasContent("mine");
    }

    @Test
    void stagesAreCheckedAsOne() throws IOException {
        JsonNode found =
                json("""
                name: inner
                merge_method: linear
                models:
                  - {model: a, parameters: {weight: 1}}
                  - {model: b, parameters: {weight: [3, 5]}}
                ---
                merge_method: slerp
                base_model: base
                models: [{model: base}, {model: inner}]
                parameters: {t: 0.25}
                """)
                        .path("outputs");

        assertThat(found).hasSize(1);
        assertThat(found.path(0).path("parameters").findValuesAsString("method"))
                .contains("slerp", "linear of inner");
        assertThat(found.path(0).path("parameters").findValuesAsString("model")).contains("b");
        assertThat(found.path(0).path("unknown").path(0).stringValue()).contains("interference");
    }

    @Test
    void mixturesHaveNoTimeForTheirGates() throws IOException {
        for (String name : List.of("base", "a", "b")) {
            MergeFolder.plain(8).write(folder.resolve(name));
        }
        JsonNode output =
                json("""
                base_model: base
                gate_mode: cheap_embed
                experts:
                  - {source_model: a, positive_prompts: [t1 t2]}
                  - {source_model: b, positive_prompts: [t3]}
                """)
                        .path("outputs")
                        .path(0);

        assertThat(output.path("unknown").path(0).stringValue()).contains("gates");
        assertThat(output.path("seconds").doubleValue()).isPositive();
    }

    @Test
    void looseTensorsNeedNoLayers() throws IOException {
        for (Map.Entry<String, Float> file : Map.of("x", 1f, "y", 3f).entrySet()) {
            TinyModel.of("None", "none")
                    .with("only", List.of(2), new float[] {file.getValue(), 0})
                    .write(folder.resolve("loose-" + file.getKey()), "F32");
            Files.delete(folder.resolve("loose-" + file.getKey()).resolve("config.json"));
        }
        String recipe =
                """
                merge_method: linear
                models:
                  - {model: loose-x, parameters: {weight: 1}}
                  - {model: loose-y, parameters: {weight: 1}}
                """;
        Cli.Result result = check(recipe, "--loose", "--html=page.html");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("tensors   1 by linear", "weight of loose-x  1");
        assertRefused(check(recipe, "-u"), 2, "--loose");
    }

    @Test
    void adaptersArePartOfTheirModels() throws IOException {
        new TinyAdapter(2, 4)
                .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(folder.resolve("lora"), "F32");
        Cli.Result result = check(TASKS.replace("model: a,", "model: base+lora,"));

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("weight of base+lora", "base+lora and b");
    }
}
