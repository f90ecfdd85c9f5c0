package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPlaceTest {
    @TempDir private Path temp;
    private Path parent;

    @BeforeEach
    void findParent() throws IOException {
        parent = temp.toRealPath();
    }

    @Test
    void aNewNameIsFine() {
        assertThat(problems(parent.resolve("deep/out"), false)).isEmpty();
    }

    @Test
    void anEmptyFolderIsFine() throws IOException {
        assertThat(problems(Files.createDirectory(parent.resolve("out")), false)).isEmpty();
    }

    @Test
    void aModelOfOursNeedsOverwrite() {
        Path target = model("out");

        assertRefused(problems(target, false), "not empty", "--overwrite");
        assertThat(problems(target, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "inputs/model.safetensors", ".git/HEAD", "extra/"})
    void aModelsFolderThatHoldsMoreIsNotOverwritten(String more) throws IOException {
        Path target = model("out");
        Path file = target.resolve(more);
        if (more.endsWith("/")) {
            Files.createDirectory(file);
        } else {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "mine");
        }

        assertRefused(problems(target, true), "did not write", more.replaceFirst("/.*", "/"));
    }

    @Test
    void aFileThatWasEditedIsNotOverwritten() throws IOException {
        Path target = model("out");
        Files.writeString(target.resolve("README.md"), "My own card");

        assertRefused(problems(target, true), "changed since", "'README.md'");
    }

    @Test
    void aFileOfTheSameSizeIsNoticed() throws IOException {
        Path target = model("out");
        Files.writeString(target.resolve("README.md"), "# Core");

        assertRefused(problems(target, true), "changed since", "'README.md'");
    }

    @Test
    void aListThatLeadsOutOfTheFolderIsNone() throws IOException {
        Path target = model("out");
        Path list = target.resolve(".jmergekit-files.json");
        Files.writeString(parent.resolve("precious"), "x");
        Files.writeString(list, Files.readString(list).replace("README.md", "../precious"));

        assertRefused(problems(target, true), "something other than a model");
    }

    @Test
    void aModelThatNoRunOfOursWroteIsNotOverwritten() throws IOException {
        Path target = Files.createDirectory(parent.resolve("out"));
        Files.writeString(target.resolve("config.json"), "{}");
        Files.writeString(target.resolve("model.safetensors"), "weights");

        assertRefused(problems(target, true), "something other than a model", "'config.json'");
    }

    @Test
    void anOutputOfEarlierVersionsIsKnownByItsRecipe() throws IOException {
        Path target = Files.createDirectory(parent.resolve("out"));
        for (String name :
                List.of(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json",
                        "README.md",
                        "mergekit_config.yml")) {
            Files.writeString(target.resolve(name), "x");
        }
        assertThat(problems(target, true)).isEmpty();

        Files.writeString(target.resolve("eval.txt"), "x");
        assertRefused(problems(target, true), "did not write", "'eval.txt'");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInAModelsFolderIsNotOverwritten() throws IOException {
        Path target = model("out");
        Path elsewhere = Files.move(target.resolve("README.md"), parent.resolve("elsewhere"));
        Files.createSymbolicLink(target.resolve("README.md"), elsewhere);

        assertRefused(problems(target, true), "did not write", "'README.md'");
    }

    @Test
    void aFileInThePlaceOfTheOutputFolderIsRefused() throws IOException {
        Path target = Files.writeString(parent.resolve("out"), "x");

        assertRefused(problems(target, true), "not a folder");
        assertRefused(problems(target.resolve("in"), true), "is not a folder");
    }

    @Test
    void theRootIsRefused() {
        assertRefused(problems(parent.getRoot(), true), "root of the file system");
    }

    @Test
    void theWorkingDirectoryIsRefused() throws IOException {
        Path here = Files.createDirectories(parent.resolve("here/below"));
        Problems problems = new Problems();

        OutputPlace.of(parent.resolve("here"), false, true).check(here, problems);

        assertRefused(problems.all(), "holds the working directory", "model'");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToAFolderStaysAndTheFolderIsTheOutput() throws IOException {
        Path disk = Files.createDirectories(parent.resolve("disk/out"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), disk);
        OutputPlace place = OutputPlace.of(link, false, false);

        assertThat(problems(link, false)).isEmpty();
        try (OutputFolder folder = OutputFolder.create(place)) {
            folder.add(new OutputFile.Text("config.json", "{}"));
            folder.publish();
        }

        assertThat(link).isSymbolicLink();
        assertThat(disk.resolve("config.json")).exists();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDanglingLinkIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), Path.of("nowhere"));

        assertRefused(problems(link, true), "a link to a folder that does not exist", "nowhere");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aMountPointIsRefused() {
        assertRefused(problems(Path.of("/proc"), true), "mount point", "'/proc/model'");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsTooLongIsRefused() {
        assertRefused(problems(parent.resolve("x".repeat(256)), false), "File name too long");
    }

    @Test
    void aFolderThatAnotherRunWritesIsRefused() {
        try (OutputFolder other =
                OutputFolder.create(OutputPlace.of(parent.resolve("out"), false, false))) {
            assertRefused(
                    problems(parent.resolve("out"), true),
                    "another run is writing",
                    other.partial().toString());
        }
    }

    @Test
    void anInputIsNotOverwritten() throws IOException {
        Path input = Files.createDirectory(parent.resolve("model"));

        assertRefused(problems(parent.resolve("./model"), input), "also an input");
    }

    @Test
    void aFolderWithAnInputInItIsNotOverwritten() throws IOException {
        Path input = Files.createDirectories(parent.resolve("project/models/base"));

        assertRefused(
                problems(parent.resolve("project"), input), "holds an input", input.toString());
        assertThat(problems(input.resolve("merged"), input)).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToAnInputIsNotOverwritten() throws IOException {
        Path input = Files.createDirectories(parent.resolve("project/base"));
        Path link = Files.createSymbolicLink(parent.resolve("base"), input);

        assertRefused(problems(parent.resolve("project"), link), "holds an input");
        assertRefused(problems(link, input), "also an input");
    }

    @Test
    void moreBytesThanTheDiskHasAreRefused() {
        Problems problems = new Problems();

        OutputPlace.of(parent.resolve("out"), false, true)
                .check(List.of(), Long.MAX_VALUE, problems);

        assertRefused(problems.all(), "not enough disk space", "9.2 EB");
    }

    private Path model(String name) {
        Path target = parent.resolve(name);
        try (OutputFolder folder = OutputFolder.create(OutputPlace.of(target, false, false))) {
            folder.add(new OutputFile.Text("model.safetensors", "weights"));
            folder.add(new OutputFile.Text("README.md", "# Card"));
            folder.publish();
        }
        return target;
    }

    private List<Problem> problems(Path target, boolean overwrite) {
        Problems problems = new Problems();
        OutputPlace.of(target, overwrite, true).check(Path.of("").toAbsolutePath(), problems);
        return problems.all();
    }

    private static List<Problem> problems(Path target, Path input) {
        Problems problems = new Problems();
        OutputPlace.of(target, true, true).check(List.of(input), 0, problems);
        return problems.all();
    }

    private static void assertRefused(List<Problem> problems, String... words) {
        assertThat(problems).singleElement().asString().contains(words);
        assertThat(problems.getFirst().exitCode()).isEqualTo(ExitCode.OUTPUT);
    }
}
