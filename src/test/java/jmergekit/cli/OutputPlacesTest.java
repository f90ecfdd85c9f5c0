package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every command that writes a folder does with the place it is given.
class OutputPlacesTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeInputs() throws IOException {
        TinyModel.llama(1, 8, false, 1)
                .write(folder.resolve("a"), "F32")
                .tuned(1)
                .write(folder.resolve("b"), "F32");
        recipe("recipe.yml", "a", "b");
    }

    private void recipe(String name, String a, String b) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(
                folder.resolve(name),
                """
                merge_method: linear
                models: [{model: ./%s}, {model: ./%s}]
                parameters: {weight: 1}
                """
                        .formatted(a, b));
    }

    private Cli.Result merge(String... arguments) {
        return Cli.run(
                folder,
                Stream.concat(Stream.of("yaml", "recipe.yml"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderOfTheKernelIsRefusedForWhatItIs() {
        Cli.Result result = merge("/proc/jmergekit-output");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err())
                .contains("/proc/jmergekit-output: no folder can be made in /proc")
                .doesNotContain("disk space");
    }

    @Test
    void aProjectIsNotOverwritten() throws IOException {
        Files.createDirectories(folder.resolve("proj/.git"));
        Files.writeString(folder.resolve("proj/notes.txt"), "notes");
        Files.copy(folder.resolve("a/config.json"), folder.resolve("proj/config.json"));
        TinyModel.llama(1, 8, false, 1).write(folder.resolve("proj/base"), "F32");
        recipe("recipe.yml", "proj/base", "b");

        Cli.Result result = merge("proj", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err())
                .contains("something other than a model", "'.git/', 'base/', 'config.json'");
        assertThat(folder.resolve("proj/notes.txt")).exists();
        assertThat(folder.resolve("proj/base/model.safetensors")).exists();
    }

    @Test
    void theRecipeInTheOutputIsNotOverwritten() throws IOException {
        assertThat(merge("out", "-q").code()).isZero();

        Cli.Result result =
                Cli.run(folder, "yaml", "out/mergekit_config.yml", "out", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("holds an input", "mergekit_config.yml");
        assertThat(folder.resolve("out/mergekit_config.yml")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "./", "/"})
    void aFolderThatCannotBeRenamedIsRefused(String output) {
        Cli.Result result = merge(output);

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("put in place as a whole folder");
    }

    @Test
    void aTrailingSlashIsNoName() {
        assertThat(merge("out/", "-q", "--no-sync").code()).isZero();
        assertThat(folder.resolve("out/config.json")).exists();
    }

    @Test
    void aModelThatAKilledRunLeftIsFoundAsAnInput() throws IOException {
        assertThat(merge("out", "-q").code()).isZero();
        Files.move(folder.resolve("out"), folder.resolve(".out.old-r01234567"));
        recipe("recipe.yml", "out", "b");

        Cli.Result result = merge("next");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("out: restored");
        assertThat(folder.resolve("out/config.json")).exists();
    }

    @Test
    void extractionFollowsTheSameRules() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Files.writeString(folder.resolve("out/adapter_config.json"), "{}");

        Cli.Result result = Cli.run(folder, "extract-lora", "b", "a", "out", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("something other than a model", "'adapter_config.json'");
    }

    @Test
    void mergesOfAdaptersFollowTheSameRules() throws IOException {
        TinyAdapter adapter =
                new TinyAdapter(2, 2).factors("model.layers.0.mlp.down_proj", 2, 32, 64);
        adapter.write(folder.resolve("x"), "F32");
        adapter.write(folder.resolve("y"), "F32");
        Files.createDirectory(folder.resolve("out"));
        Files.writeString(folder.resolve("out/adapter_config.json"), "{}");
        recipe("recipe.yml", "x", "y");

        Cli.Result result = merge("out", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("something other than a model", "'adapter_config.json'");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLinkOutOfAModelIsRefusedByName() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "secret");
        Files.createSymbolicLink(folder.resolve("a/LICENSE"), token);

        Cli.Result result = merge("out", "--dry-run");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("a/LICENSE: is a link that leads out", "token");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeInPlaceOfAConfigurationIsRefused() throws IOException, InterruptedException {
        Files.delete(folder.resolve("b/config.json"));
        Process mkfifo =
                new ProcessBuilder("mkfifo", folder.resolve("b/config.json").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();

        Cli.Result result = merge("out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("b/config.json: is not a regular file");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullStandardOutputIsNoticed() throws IOException {
        try (var full = Files.newOutputStream(Path.of("/dev/full"))) {
            StandardOutput out = new StandardOutput(full);
            PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
            writer.println("the plan");
            writer.flush();

            assertThat(out.problem()).hasValue("No space left on device");
        }
    }

    @Test
    void nothingHiddenIsLeftBeside() throws IOException {
        assertThat(merge("out", "-q").code()).isZero();
        assertThat(merge("out", "-q", "--overwrite").code()).isZero();

        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(f -> f.getFileName().toString()).toList();
            assertThat(names).containsExactlyInAnyOrder("a", "b", "out", "recipe.yml");
        }
    }
}
