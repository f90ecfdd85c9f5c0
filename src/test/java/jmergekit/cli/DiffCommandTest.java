package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Repository.Access;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Comparisons of models in folders, as a user runs them.
class DiffCommandTest {
    private static final Percentage CLOSE = Percentage.withPercentage(1e-6);
    private static final String NORM = "model.norm.weight";
    private static final String EMBEDDINGS = "model.embed_tokens.weight";

    private final TinyModel base = TinyModel.llama(2, 40, false, 1);

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        base.write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private Cli.Result run(String... args) {
        return Cli.run(folder, args);
    }

    private JsonNode json(String... models) {
        String[] args = new String[models.length + 2];
        args[0] = "diff";
        args[1] = "--json";
        System.arraycopy(models, 0, args, 2, models.length);
        Cli.Result result = run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return new JsonMapper().readTree(result.out());
    }

    private static JsonNode tensor(JsonNode json, String name) {
        return json.path("tensors").values().stream()
                .filter(t -> t.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Squared norms of a, of b, and their dot product.
    private static double[] products(
            Map<String, TinyModel.Values> a, Map<String, TinyModel.Values> b) {
        double[] sums = new double[3];
        a.forEach((name, values) -> {
            float[] x = values.data();
            float[] y = b.get(name).data();
            for (int i = 0; i < x.length; i++) {
                sums[0] += (double) x[i] * x[i];
                sums[1] += (double) y[i] * y[i];
                sums[2] += (double) x[i] * y[i];
            }
        });
        return sums;
    }

    @Test
    void totalsAreThoseOfPlainLoops() {
        Map<String, TinyModel.Values> x = TinyModel.read(folder.resolve("base"));
        Map<String, TinyModel.Values> y = TinyModel.read(folder.resolve("a"));
        double[] sums = products(x, y);
        double change = sums[0] + sums[1] - 2 * sums[2];

        JsonNode total = json("base", "a").path("total");

        JsonNode a = total.path("models").get(1);
        assertThat(a.path("cosine").doubleValue())
                .isCloseTo(sums[2] / Math.sqrt(sums[0] * sums[1]), CLOSE);
        assertThat(a.path("relative_change").doubleValue())
                .isCloseTo(Math.sqrt(change / sums[0]), Percentage.withPercentage(1e-3));
        assertThat(total.path("elements").longValue())
                .isEqualTo(x.values().stream().mapToLong(v -> v.data().length).sum());
    }

    @Test
    void aModelEqualsItself() {
        JsonNode json = json("a", "a");

        assertThat(json.path("tensors").values())
                .isNotEmpty()
                .allMatch(t -> t.path("models").get(1).path("identical").booleanValue());
        JsonNode total = json.path("total").path("models").get(1);
        assertThat(total.path("relative_change").doubleValue()).isZero();
        assertThat(total.path("unchanged_share").doubleValue()).isEqualTo(1);
        assertThat(run("diff", "a", "a").out()).contains("21 of 21");
    }

    @Test
    void anotherDtypeOfTheSameValuesIsNoChangeButNotIdentical() {
        base.write(folder.resolve("half"), "BF16");

        JsonNode norm = tensor(json("base", "half"), NORM).path("models").get(1);

        assertThat(norm.path("unchanged_share").doubleValue()).isEqualTo(1);
        assertThat(norm.path("identical").booleanValue()).isFalse();
    }

    @Test
    void taskVectorsAreComparedWithABase() {
        JsonNode json = json("--base", "base", "a", "b");

        JsonNode pair = json.path("total").path("pairs").get(0);
        assertThat(json.path("has_base").booleanValue()).isTrue();
        assertThat(pair.path("change_cosine").doubleValue()).isBetween(-1.0, 1.0);
        assertThat(pair.path("sign_conflict").doubleValue()).isBetween(0.01, 0.99);
    }

    @Test
    void layersAreSumsOfTheirTensors() {
        JsonNode json = json("base", "a");

        double whole =
                json.path("layers").values().stream()
                        .mapToLong(l -> l.path("elements").longValue())
                        .sum();
        double ofTensors =
                json.path("tensors").values().stream()
                        .filter(t -> t.path("name").stringValue().contains("layers."))
                        .mapToLong(t -> t.path("elements").longValue())
                        .sum();
        assertThat(whole).isEqualTo(ofTensors).isPositive();
    }

    @Test
    void tensorsThatOnlySomeModelsHaveAreListed() {
        base.tuned(1).without(NORM).write(folder.resolve("lacking"), "F32");

        JsonNode json = json("base", "lacking");

        assertThat(json.path("skipped").findValuesAsString("name")).containsExactly(NORM);
        assertThat(run("diff", "lacking", "base").out()).contains(NORM);
    }

    @Test
    void namesThatDifferInTheClassesAroundTheNetworkAreTheSame() {
        base.tuned(1)
                .renamed(n -> n.startsWith("model.") ? "model.language_" + n : n)
                .write(folder.resolve("wrapped"), "F32");

        JsonNode json = json("base", "wrapped");

        assertThat(json.path("skipped").isEmpty()).isTrue();
        assertThat(json.path("tensor_count").intValue()).isEqualTo(21);
    }

    @Test
    void embeddingsOfMoreTokensAreComparedInTheRowsThatBothHave() throws IOException {
        TinyModel.llama(2, 44, false, 1).write(folder.resolve("more"), "F32");
        TinyTokenizer.of(List.of("one", "two", "three")).write(folder.resolve("base"));
        TinyTokenizer.of(List.of("two", "one", "three", "four")).write(folder.resolve("more"));

        JsonNode json = json("base", "more");

        JsonNode tensor = tensor(json, EMBEDDINGS);
        assertThat(tensor.path("elements").longValue()).isEqualTo(40 * 32);
        Set<String> files =
                json.path("files").values().stream()
                        .map(f -> f.path("file").stringValue())
                        .collect(Collectors.toSet());
        assertThat(files).contains("config.json", "tokenizer");
        String text = run("diff", "base", "more").out();
        assertThat(text).contains("vocab_size").contains("four");
    }

    @Test
    void aDamagedTokenizerIsNotCalledMissing() throws IOException {
        Files.writeString(folder.resolve("a").resolve("tokenizer.json"), "{");

        JsonNode file = json("base", "a").path("files").get(0);
        JsonNode change = file.path("changes").get(0);

        assertThat(file.path("file").stringValue()).isEqualTo("tokenizer");
        assertThat(change.path("what").stringValue()).isEqualTo("the vocabulary");
        assertThat(change.path("before").stringValue()).isEmpty();
        assertThat(change.path("after").stringValue()).isEqualTo("cannot be read");
    }

    @Test
    void nanIsCounted() {
        float[] broken = base.data(NORM).clone();
        broken[3] = Float.NaN;
        broken[4] = Float.POSITIVE_INFINITY;
        base.tuned(1).with(NORM, List.of(32), broken).write(folder.resolve("broken"), "F32");

        JsonNode model = tensor(json("base", "broken"), NORM).path("models").get(1);

        assertThat(model.path("nan").intValue()).isEqualTo(1);
        assertThat(model.path("infinite").intValue()).isEqualTo(1);
        assertThat(run("diff", "base", "broken").out()).contains("NaN");

        base.with(NORM, List.of(32), broken).write(folder.resolve("broken"), "F32");

        assertThat(run("diff", "base", "broken").out())
                .contains("! broken has 1 NaN and 1 infinite")
                .contains("- All finite values of broken equal those of base; 20 of 21 tensors");
    }

    @Test
    void tensorsWithoutElementsChangeNothing() {
        for (String name : List.of("base", "a")) {
            TinyModel model = name.equals("base") ? base : base.tuned(1);
            model.with("empty.weight", List.of(0, 4), new float[0])
                    .write(folder.resolve("empty-" + name), "F32");
        }

        JsonNode json = json("empty-base", "empty-a");

        assertThat(tensor(json, "empty.weight").path("elements").intValue()).isZero();
        assertThat(json.path("total")).isEqualTo(json("base", "a").path("total"));
        assertThat(run("diff", "empty-base", "empty-a", "--html", "page.html").err()).isEmpty();
    }

    @Test
    void whatIsRefusedNamesNoOptionThatWasNotGiven() {
        base.with("q.qweight", List.of(2, 2), new float[4], "I32")
                .with("q.scales", List.of(2, 2), new float[4])
                .write(folder.resolve("quantised"), "F32");

        Cli.Result result = run("diff", "quantised", "base");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("quantised").doesNotContain("--expert-layout");
    }

    @Test
    void theSameFiguresComeOnAnyNumberOfThreads() {
        String one = run("diff", "--json", "base", "a", "b", "-j", "1").out();

        assertThat(run("diff", "--json", "base", "a", "b", "-j", "5").out()).isEqualTo(one);
    }

    @Test
    void aPageAndTheTextAreWrittenTogether() throws IOException {
        Cli.Result result = run("diff", "base", "a", "--html", "report.html");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("change");
        assertThat(Files.readString(folder.resolve("report.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("mlp.up_proj");
        // Again: it is a page.
        assertThat(run("diff", "base", "a", "--html", "report.html").code()).isZero();
    }

    @Test
    void csvHasALineForEachTensorAndModel() {
        String csv = run("diff", "--csv", "base", "a", "b").out();

        assertThat(csv.lines()).hasSize(1 + 2 * 21);
    }

    @Test
    void whatCannotBeComparedIsRefusedAtOnce() throws IOException {
        Files.writeString(folder.resolve("mine.html"), "mine");

        assertThat(run("diff", "base").code()).isEqualTo(2);
        assertThat(run("diff", "base").err()).contains("needs at least two models");
        Cli.Result missing = run("diff", "./nowhere", "./neither");
        assertThat(missing.code()).isEqualTo(3);
        assertThat(missing.err()).contains("./nowhere", "./neither").doesNotContain("at jmergekit");
        Cli.Result page = run("diff", "base", "a", "--html", "mine.html");
        assertThat(page.code()).isEqualTo(4);
        assertThat(Files.readString(folder.resolve("mine.html"))).isEqualTo("mine");
        assertThat(run("diff", "base", "a", "--json", "--csv").code()).isEqualTo(2);
    }

    @Test
    void modelsOfTheHubAreDownloadedAndCompared() throws IOException {
        try (HubServer server = new HubServer(folder)) {
            for (String name : List.of("base", "a")) {
                server.add("org/" + name, Access.PUBLIC, folder.resolve(name));
            }
            Map<String, String> environment =
                    Map.of(
                            "HF_ENDPOINT", server.endpoint(),
                            "HF_HOME", folder.resolve("home").toString());

            Cli.Result result =
                    Cli.run(folder, environment, "diff", "--csv", "-q", "org/base", "org/a");

            assertThat(result.err()).isEmpty();
            assertThat(result.out().replace("org/", ""))
                    .isEqualTo(run("diff", "--csv", "base", "a").out());
        }
    }

    @Test
    void anAdapterIsComparedAsTheBaseWithIt() {
        TinyAdapter adapter = new TinyAdapter(2, 4);
        adapter.factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(folder.resolve("adapter"), "F32");
        double norm = 0;
        for (double x : adapter.product("model.layers.0.self_attn.q_proj")) {
            norm += 4 * x * x;
        }

        JsonNode json = json("--base", "base", "adapter");

        JsonNode changed = tensor(json, "model.layers.0.self_attn.q_proj.weight");
        assertThat(changed.path("models").get(1).path("change").doubleValue())
                .isCloseTo(Math.sqrt(norm), Percentage.withPercentage(1e-3));
        assertThat(json.path("total").path("models").get(1).path("change").doubleValue())
                .isEqualTo(changed.path("models").get(1).path("change").doubleValue());
        // Rank 2: two directions hold all of it.
        JsonNode energy = changed.path("models").get(1).path("spectrum").path("energy");
        assertThat(energy.get(1).doubleValue()).isCloseTo(1, Percentage.withPercentage(1e-3));
    }
}
