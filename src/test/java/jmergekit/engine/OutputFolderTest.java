package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir private Path parent;

    @Test
    void nothingIsAtTheDestinationBeforePublication() throws IOException {
        Path target = parent.resolve("deep/out");
        try (OutputFolder folder = OutputFolder.create(target)) {
            folder.add(new OutputFile.Text("1_Pooling/config.json", "{}"));

            assertThat(target).doesNotExist();

            folder.publish();
        }
        assertThat(target.resolve("1_Pooling/config.json")).hasContent("{}");
        assertThat(names(target.getParent())).containsExactly("out");
    }

    @Test
    void anUnpublishedFolderDisappears() throws IOException {
        try (OutputFolder folder = OutputFolder.create(parent.resolve("out"))) {
            folder.add(new OutputFile.Text("config.json", "{}"));
        }

        assertThat(names(parent)).isEmpty();
    }

    @Test
    void publicationReplacesAnEarlierOutputWhole() throws IOException {
        Path target = Files.createDirectory(parent.resolve("out"));
        Files.writeString(target.resolve("stale.safetensors"), "old");
        try (OutputFolder folder = OutputFolder.create(target)) {
            folder.add(new OutputFile.Text("config.json", "{}"));
            folder.publish();
        }

        assertThat(names(target)).containsExactly("config.json");
        assertThat(names(parent)).containsExactly("out");
    }

    @Test
    void leftoversOfADeadProcessAreRemovedAndThoseOfALivingOneKept() throws IOException {
        long dead = 4_194_305;
        Files.createDirectory(parent.resolve(".out.partial-" + dead));
        Files.createDirectory(parent.resolve(".out.partial-1"));
        Files.createDirectory(parent.resolve(".out.partial-notes"));

        OutputFolder.create(parent.resolve("out")).close();

        assertThat(names(parent)).containsExactlyInAnyOrder(".out.partial-1", ".out.partial-notes");
    }

    @Test
    void aFileOutsideTheFolderIsAProgrammingMistake() {
        try (OutputFolder folder = OutputFolder.create(parent.resolve("out"))) {
            assertThatThrownBy(() -> folder.add(new OutputFile.Text("../x", "")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFolderThatIsNoModelIsNotOverwritten() throws IOException {
        Path target = Files.createDirectory(parent.resolve("notes"));
        Files.writeString(target.resolve("diary.txt"), "dear diary");

        assertThat(problems(target, true))
                .singleElement()
                .asString()
                .contains("holds something else than a model");
    }

    @Test
    void aFileInThePlaceOfTheOutputFolderIsRefused() throws IOException {
        Path target = Files.writeString(parent.resolve("out"), "x");

        assertThat(problems(target, true)).singleElement().asString().contains("not a folder");
    }

    @Test
    void anInputIsNotOverwritten() throws IOException {
        Path input = Files.createDirectory(parent.resolve("model"));
        Problems problems = new Problems();

        OutputFolder.check(parent.resolve("./model"), List.of(input), 0, problems);

        assertThat(problems.all()).singleElement().asString().contains("also an input");
    }

    @Test
    void moreBytesThanTheDiskHasAreRefused() {
        Problems problems = new Problems();

        OutputFolder.check(parent.resolve("out"), List.of(), Long.MAX_VALUE, problems);

        assertThat(problems.all())
                .singleElement()
                .asString()
                .contains("not enough disk space", "9.2 EB");
    }

    private static List<Problem> problems(Path target, boolean overwrite) {
        Problems problems = new Problems();
        OutputFolder.check(target, overwrite, problems);
        return problems.all();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
