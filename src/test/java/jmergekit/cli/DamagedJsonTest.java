package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.fuzz.Mutation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever stands in the JSON files of a model or an adapter, a run ends well or with a refusal.
class DamagedJsonTest {
    private static final int MUTANTS = 600;

    /// One run in so many goes on to the end, the others plan.
    private static final int WHOLE = 10;

    private static final Pattern VALUE = Pattern.compile("(?<=[:,\\[])\\s*(\"[^\"]*\"|[-\\w.]+)");

    private static final List<String> VALUES =
            List.of(
                    "1E+400",
                    "-1E+99999",
                    "1e-400",
                    "1e-999999999",
                    "10000000000000000000",
                    "9".repeat(400),
                    "0." + "1".repeat(990),
                    "NaN",
                    "-Infinity",
                    "1.5",
                    "0",
                    "-1",
                    "2147483648",
                    "1e300",
                    "null",
                    "true",
                    "\"\\ud800\"",
                    "\"\\u0000\"",
                    "\"\"",
                    "\"1\"",
                    "[]",
                    "{}",
                    "[[[]]]",
                    "[1e400]",
                    "{\"a\":{\"b\":[1,null]}}",
                    "[".repeat(200));

    private static final Map<String, String> RECIPES =
            Map.of(
                    "yaml",
                    """
                    merge_method: linear
                    models:
                      - {model: a, parameters: {weight: 1}}
                      - {model: b+ad, parameters: {weight: 1}}
                    dtype: float32
                    tokenizer: {source: union}
                    """,
                    "moe",
                    """
                    base_model: a
                    gate_mode: random
                    experts: [{source_model: a}, {source_model: b}]
                    """);

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        for (String name : List.of("a", "b")) {
            Path model = folder.resolve(name);
            TinyModel.llama(1, 8, false, 1)
                    .config("rope_theta", 10000.5)
                    .config("rope_scaling", Map.of("rope_type", "linear", "factor", 2.0))
                    .config("layer_types", List.of("full_attention"))
                    .config("max_window_layers", 1)
                    .config("eos_token_id", List.of(1, 2))
                    .config("num_experts", 1)
                    .write(model, "F32");
            TinyTokenizer.of(List.of("x", "y", "z"))
                    .special("<s>")
                    .setting("bos_token", "<s>")
                    .write(model);
            Files.writeString(
                    model.resolve("generation_config.json"),
                    "{\"eos_token_id\": [1, 2], \"temperature\": 0.6}");
            Files.writeString(model.resolve("preprocessor_config.json"), "{\"size\": [1, 2.5]}");
            Files.writeString(
                    model.resolve("modules.json"),
                    "[{\"idx\": 0, \"path\": \"\", \"type\": \"x\"}]");
        }
        new TinyAdapter(2, 4)
                .config("rank_pattern", Map.of("q_proj", 2, "x.*", 4))
                .config("alpha_pattern", Map.of("q_proj", 8.5))
                .factors("model.layers.0.self_attn.q_proj", 2, 32, 32)
                .write(folder.resolve("ad"), "F32");
        for (Map.Entry<String, String> recipe : RECIPES.entrySet()) {
            Files.writeString(folder.resolve(recipe.getKey() + ".yml"), recipe.getValue());
        }
    }

    private Cli.Result run(String command, boolean whole) {
        return whole
                ? Cli.run(folder, command, command + ".yml", "out", "--quiet", "--overwrite")
                : Cli.run(folder, command, command + ".yml", "out", "--dry-run");
    }

    @Test
    void undamagedFilesAreTaken() {
        for (String command : RECIPES.keySet()) {
            Cli.Result result = run(command, true);
            assertThat(result.code()).as(result.err()).isZero();
        }
    }

    @Test
    void damageEndsWellOrInARefusal() throws IOException {
        Random random = new Random(15);
        Mutation mutation = new Mutation(random, Mutation.tokens(VALUES.toArray(String[]::new)));
        Map<Path, byte[]> files = files();
        List<Path> paths = List.copyOf(files.keySet());
        int well = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Path file = paths.get(random.nextInt(paths.size()));
            byte[] sound = files.get(file);
            byte[] damaged = i % 3 == 0 ? mutation.of(sound) : withOtherValue(sound, random);
            Files.write(file, damaged);
            String command = i % 4 == 0 ? "moe" : "yaml";
            Cli.Result result = run(command, i % WHOLE == 0);
            assertThat(result.code())
                    .as("%s of %s: %s%n%s", command, file, new String(damaged), result.err())
                    .isIn(0, 2, 3);
            well += result.code() == 0 ? 1 : 0;
            Files.write(file, sound);
        }
        assertThat(well).isBetween(MUTANTS / 20, MUTANTS * 19 / 20);
    }

    private Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (String name :
                List.of(
                        "a/config.json",
                        "b/config.json",
                        "a/tokenizer.json",
                        "a/tokenizer_config.json",
                        "a/generation_config.json",
                        "a/preprocessor_config.json",
                        "a/modules.json",
                        "ad/adapter_config.json")) {
            files.put(folder.resolve(name), Files.readAllBytes(folder.resolve(name)));
        }
        return files;
    }

    private static byte[] withOtherValue(byte[] json, Random random) {
        String text = new String(json, StandardCharsets.UTF_8);
        List<MatchResult> values = new ArrayList<>(VALUE.matcher(text).results().toList());
        MatchResult value = values.get(random.nextInt(values.size()));
        String other = VALUES.get(random.nextInt(VALUES.size()));
        return (text.substring(0, value.start()) + other + text.substring(value.end()))
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "a/config.json, '{\"x\": {\"y\": 1E+400}}', 'a/config.json: not usable: the number at"
                + " ''x.y'' is beyond the range of a 64-bit float: 1E+400'",
        "a/config.json, '{\"hidden_act\": \"\\ud800\"}', 'the text at ''hidden_act'' is not valid"
                + " Unicode'",
        "a/config.json, '{\"\\udc00\": 1}', 'a key is not valid Unicode'",
        "ad/adapter_config.json, '{\"rank_pattern\": {\"q\": -1E+99999}}', 'rank_pattern.q'",
        "a/preprocessor_config.json, '{', 'is not valid JSON at character 1: it ends inside an"
                + " Object'",
        "a/config.json, '{', 'not valid JSON at character 1: it ends inside an Object'",
        "a/preprocessor_config.json, '', 'is empty'",
        "a/preprocessor_config.json, '{} {}', 'has content after its JSON value'",
    })
    void theRefusalNamesFileAndPlace(String file, String json, String message) throws IOException {
        Files.writeString(folder.resolve(file), json);

        Cli.Result result = run("yaml", true);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains(message).contains(file.replaceAll("^.*/", ""));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        Path file = folder.resolve("a/preprocessor_config.json");
        Files.write(file, new byte[] {'"', (byte) 0xc3, '"'});

        assertThat(run("yaml", true).err()).contains(file + ": is not valid UTF-8");
    }

    @Test
    void aConfigurationOfMillionsOfValuesIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("a/config.json"), "{\"x\": [0" + ",0".repeat(600_000) + "]}");

        assertThat(run("yaml", true).err()).contains("it has more than 500000 values");
    }

    @Test
    void aLinkToADeviceIsNoConfiguration() throws IOException {
        Path file = folder.resolve("a/config.json");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));

        assertThat(run("yaml", true).err()).contains("a/config.json: is not a regular file");
    }
}
