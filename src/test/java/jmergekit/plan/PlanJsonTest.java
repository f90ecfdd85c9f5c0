package jmergekit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.problem.MergeException;
import jmergekit.shards.ShardFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Plans of the recipes of the corpus and the examples, through JSON and back.
class PlanJsonTest {
    private static final Path CASES = Path.of("src", "test", "resources", "corpus", "cases");
    private static final Path EXAMPLES = Path.of("examples");

    @TempDir private Path folder;

    private static List<Path> recipes() throws IOException {
        List<Path> recipes = new ArrayList<>();
        for (Path root : List.of(CASES, EXAMPLES)) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(f -> f.toString().endsWith(".yml"))
                        .filter(f -> !f.getParent().endsWith("expected"))
                        // A search has many plans, and a plugin's method needs the plugin.
                        .filter(f -> !f.getParent().endsWith("evolve"))
                        .filter(f -> !f.getParent().endsWith("plugin"))
                        .sorted()
                        .forEach(recipes::add);
            }
        }
        return recipes;
    }

    private static boolean isLoose(String recipe) {
        return recipe.contains("models/raw/") || recipe.contains("examples/checkpoints/");
    }

    private static String json(Path workingDirectory, String recipe, String... options)
            throws IOException {
        String text = Files.readString(workingDirectory.resolve(recipe));
        String command =
                text.contains("\n---\n")
                        ? "multi"
                        : text.contains("experts:") ? "moe" : isLoose(text) ? "pytorch" : "yaml";
        List<String> arguments = new ArrayList<>(List.of(command, recipe));
        arguments.add(command.equals("multi") ? "--out-path=out" : "out");
        arguments.addAll(List.of("--dry-run", "--allow-crimes", "--format", "json"));
        if (command.equals("pytorch")) {
            arguments.add("--tensor-intersection");
        }
        arguments.addAll(List.of(options));
        Cli.Result result =
                Cli.run(workingDirectory.toAbsolutePath(), arguments.toArray(String[]::new));
        assertThat(result.code()).as(recipe + result.err()).isIn(0, 2, 3);
        return result.code() == 0 ? result.out().strip() : "";
    }

    private static String written(Plan plan) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanJson.write(plan, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Plan read(String json) {
        return PlanJson.read(json.getBytes(StandardCharsets.UTF_8), "plan.json");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void whatIsReadBackIsEqual(Path recipe) throws IOException {
        boolean example = recipe.startsWith(EXAMPLES);
        Path place = example ? Path.of("") : recipe.getParent();
        String name = example ? recipe.toString() : recipe.getFileName().toString();
        String json = json(place, name);
        if (json.isEmpty()) {
            assertThat(recipe).asString().contains("/errors/");
            return;
        }

        Plan plan = read(json);

        assertThat(written(plan)).isEqualTo(json);
        assertThat(read(written(plan))).isEqualTo(plan);
        assertThat(json(place, name)).isEqualTo(json);
    }

    @Test
    void theHashDoesNotDependOnWhereTheFoldersLie() throws IOException {
        Plan here = read(json(Path.of(""), "examples/ties.yml"));

        // In another order of names too.
        for (List<String> places : List.of(List.of("1", "2", "3"), List.of("3", "2", "1"))) {
            String recipe = Files.readString(EXAMPLES.resolve("ties.yml"));
            Path root = folder.resolve("elsewhere" + places.getFirst());
            List<String> models = List.of("base", "chat", "code");
            for (int i = 0; i < models.size(); i++) {
                Path model = root.resolve(places.get(i)).resolve(models.get(i));
                copy(EXAMPLES.resolve("models").resolve(models.get(i)), model);
                recipe = recipe.replace("examples/models/" + models.get(i), model.toString());
            }
            Files.writeString(folder.resolve("ties.yml"), recipe);

            Plan there = read(json(folder, "ties.yml"));

            assertThat(there.hash()).isEqualTo(here.hash());
            assertThat(there).isNotEqualTo(here);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void keysMayComeInAnyOrder() throws IOException {
        String json = json(Path.of(""), "examples/multi/three-stages.yml");
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
        List<String> keys = new ArrayList<>(root.propertyNames());
        assertThat(root.path("inner_tensors")).isNotEmpty();
        List<List<String>> orders = List.of(keys.reversed(), keys.stream().sorted().toList());
        for (List<String> order : orders) {
            ObjectNode other = JsonMapper.shared().createObjectNode();
            order.forEach(key -> other.set(key, root.path(key)));

            assertThat(written(read(other.toString()))).isEqualTo(json);
        }
    }

    @Test
    void tensorsThatAreListedTwiceAreRefused() throws IOException {
        String json = json(Path.of(""), "examples/multi/three-stages.yml");
        for (String key : List.of("tensors", "inner_tensors")) {
            String twice = json.substring(0, json.length() - 1) + ",\"" + key + "\":[]}";

            assertThatThrownBy(() -> read(twice))
                    .hasMessageContaining("'" + key + "' appears twice");
        }
        assertThatThrownBy(() -> read(json + "{}"))
                .hasMessageContaining("there is content after its end");
    }

    @Test
    void anotherValueGivesAnotherHash() throws IOException {
        String recipe = Files.readString(EXAMPLES.resolve("ties.yml"));
        Path changed = folder.resolve("changed.yml");
        Files.writeString(changed, recipe.replace("density: 0.5", "density: 0.25"));

        assertThat(read(json(Path.of(""), changed.toString())).hash())
                .isNotEqualTo(read(json(Path.of(""), "examples/ties.yml")).hash());
    }

    @Test
    void aPlanSaysWhichFormatItsWeightsHave() throws IOException {
        String safetensors = json(Path.of(""), "examples/ties.yml");
        String pytorch = json(Path.of(""), "examples/ties.yml", "--no-safe-serialization");

        // Plans of versions that wrote safetensors alone stay the same, and readable.
        assertThat(safetensors).doesNotContain("weight_format");
        assertThat(pytorch)
                .contains(
                        "\"weight_format\":\"pytorch\",\"shards\":[{\"name\":\"pytorch_model.bin\"");
        assertThat(written(read(pytorch))).isEqualTo(pytorch);
        assertThat(read(pytorch).shards().format()).isEqualTo(ShardFormat.PYTORCH);
        assertThat(read(pytorch)).isNotEqualTo(read(safetensors));
        assertThat(read(pytorch).hash()).isNotEqualTo(read(safetensors).hash());
    }

    @Test
    void formatsAndNamesThatDoNotFitAreRefused() throws IOException {
        String pytorch = json(Path.of(""), "examples/ties.yml", "--no-safe-serialization");
        String field = "\"weight_format\":\"pytorch\"";

        assertThatThrownBy(() -> read(pytorch.replace(field, "\"weight_format\":\"gguf\"")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("its weights have an unknown format, 'gguf'");
        assertThatThrownBy(() -> read(pytorch.replace(field + ",", "")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("shard 'pytorch_model.bin' is not a safetensors file");
        assertThatThrownBy(() -> read(pytorch.replace(field, "\"weight_format\":1")))
                .isInstanceOf(MergeException.class);
    }

    @Test
    void aChangedPlanIsRefused() throws IOException {
        String json = json(Path.of(""), "examples/ties.yml");

        assertThatThrownBy(() -> read(json.replaceFirst("\"density\":0.5", "\"density\":0.7")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("it was changed");
        assertThatThrownBy(() -> read(json.replaceFirst("\"version\":1", "\"version\":2")))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("version 2; this program reads version 1");
    }

    @Test
    void pathsThatLeaveAFolderAreRefused() throws IOException {
        String json = json(Path.of(""), "examples/ties.yml");

        for (String path : List.of("../x", "/x", "a/../../x", "a\\\\x", "")) {
            String hostile =
                    json.replace("\"name\":\"config.json\"", "\"name\":\"%s\"".formatted(path));
            assertThat(hostile).isNotEqualTo(json);
            assertThatThrownBy(() -> read(hostile))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("not a path inside a folder");
        }
    }

    @Test
    void damageNeverGivesAnythingButARefusal() throws IOException {
        String json = json(Path.of(""), "examples/tokenizer.yml");
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            StringBuilder damaged = new StringBuilder(json);
            int at = random.nextInt(json.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, "0123456789-[]{}\",:x".charAt(random.nextInt(19)));
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.insert(at, "9[{-\"".charAt(random.nextInt(5)));
            }
            try {
                read(damaged.toString());
            } catch (MergeException e) {
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void tablesOfHugeSizesAndOfRowsThatAreNotThereAreRefused() throws IOException {
        String json = json(Path.of(""), "examples/tokenizer.yml");
        String rows =
                json.replaceFirst(
                        "\"row_tables\":\\[\\{\"rows\":\\d+",
                        "\"row_tables\":[{\"rows\":999999999");
        String first = json.replaceFirst("\"own\":\\[\\[0,", "\"own\":[[2000000000,");

        assertThat(rows).isNotEqualTo(json);
        assertThat(first).isNotEqualTo(json);
        for (String hostile : List.of(rows, first)) {
            assertThatThrownBy(() -> read(hostile))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("not a usable plan");
        }
    }

    @Test
    void tasksInsideEachOtherWithoutEndAreRefused() throws IOException {
        // What nothing is made from is no part of the plan.
        assertThat(read(nested(150))).isEqualTo(read(nested(0)));
        assertThatThrownBy(() -> read(nested(20_000)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("tasks nested more than 200 deep");
    }

    private static String nested(int depth) throws IOException {
        String json = Files.readString(Path.of("src", "test", "resources", "plan", "packed.json"));
        int begin = json.indexOf("{\"is\":\"stored\"");
        String source = json.substring(begin, json.indexOf('}', begin) + 1);
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            tasks.add(
                    """
                    {"name":"t","dtype":"BF16","shape":[2,4,32],"work":"copy",\
                    "inputs":[{"model":0,"source":%s}]}\
                    """
                            .formatted(source));
            source = "{\"is\":\"made\",\"task\":%d}".formatted(i);
        }
        return json.replace("\"inner_tensors\":[]", "\"inner_tensors\":" + tasks);
    }

    @Test
    void aKeyThatComesTwiceIsRefused() throws IOException {
        String json = json(Path.of("."), "examples/ties.yml");
        String twice = json.replaceFirst("\\}$", ",\"models\":[]}");

        assertThat(twice).isNotEqualTo(json);
        assertThatThrownBy(() -> read(twice))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("'models' appears twice");
    }
}
