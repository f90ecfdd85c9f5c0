package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers are written the same way wherever the user lives: with a point and with ASCII digits.
class LocaleTest {
    private static final Path MAIN = Path.of("src/main/java/jmergekit");

    /// What a language writes otherwise: fractions, groups, and digits that fill up a width.
    private static final Pattern LOCAL =
            Pattern.compile(
                    "%(?:\\d+\\$)?(?:[-+( #]*\\d*(?:\\.\\d+)?[eEfgGaA]|[-+( #]*[0,]+(?:\\d*d|\"))");

    @TempDir private Path folder;

    @Test
    void aNumberThatLanguagesWriteOtherwiseIsFormattedForNone() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(MAIN)) {
            // The program itself has no language, which the next test sees.
            files =
                    found.filter(f -> f.toString().endsWith(".java"))
                            .filter(f -> !f.startsWith(MAIN.resolve("cli")))
                            .toList();
        }
        assertThat(files).hasSizeGreaterThan(100);
        for (Path file : files) {
            assertThat(local(Files.readString(file))).as(file.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return \"%.3f\".formatted(x);\n",
                "return \"%5.1f %%\".formatted(x);\n",
                "return String.format(\"%,d\", x);\n",
                "return a + \"%s-%05d\".formatted(\"model\", x);\n",
                "return (\"%0\" + width + \"d\").formatted(x);\n"
            })
    void theRuleSeesWhatBreaksIt(String code) {
        assertThat(local(code)).hasSize(1);
    }

    private static List<String> local(String code) {
        return Stream.of(code.split(";\\s*\\R"))
                .filter(statement -> LOCAL.matcher(statement).find())
                .filter(statement -> statement.contains("format"))
                .filter(statement -> !statement.contains("Locale.ROOT"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "ar-EG", "tr-TR"})
    void theLibraryWritesTheSameFolder(String language) throws IOException {
        Door door = Door.withModels(folder);
        shardWithoutIndex("chat");
        Map<String, String> expected = written(door, "plain");
        assertThat(expected).containsKey("model-00001-of-00004.safetensors");

        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));
            assertThat(written(door, "local")).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    // The names of missing shards are numbers too.
    private void shardWithoutIndex(String model) throws IOException {
        Files.move(
                folder.resolve(model).resolve("model.safetensors"),
                folder.resolve(model).resolve("model-00001-of-00001.safetensors"));
    }

    private Map<String, String> written(Door door, String parent) {
        Path output = folder.resolve(parent).resolve("out");
        try (Models models = door.open()) {
            models.plan(Door.ties(0.5), Door.SHARDED).write(output);
        }
        return Door.files(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "ar-EG"})
    void theProgramSaysAndWritesTheSame(String language) throws Exception {
        Door.withModels(folder);
        String[] args = {
            "layershuffle",
            "out",
            "-m",
            "chat",
            "-w",
            "2",
            "-m",
            "code",
            "-w",
            "1",
            "--dry-run",
            "--print-yaml"
        };
        String[] tag = language.split("-");
        Cli.Result result =
                JavaProcess.run(
                        folder,
                        Map.of(),
                        List.of(
                                "-Duser.language=" + tag[0],
                                "-Duser.country=" + tag[tag.length - 1].toUpperCase(Locale.ROOT)),
                        Main.class,
                        args);

        Cli.Result expected = Cli.run(folder, args);
        assertThat(expected.err()).contains("weights as probabilities: 0.667, 0.333");
        assertThat(result.err()).endsWith("\n" + expected.err());
        assertThat(result.out()).isEqualTo(expected.out()).contains("layer_range: [0, ");
    }
}
