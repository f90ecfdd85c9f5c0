package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir private Path parent;

    @Test
    void nothingIsAtTheDestinationBeforePublication() throws IOException {
        Path target = parent.resolve("deep/out");
        try (OutputFolder folder = create(target, false)) {
            folder.add(new OutputFile.Text("1_Pooling/config.json", "{}"));

            assertThat(target).doesNotExist();

            folder.publish();
        }
        assertThat(target.resolve("1_Pooling/config.json")).hasContent("{}");
        assertThat(names(target)).containsExactlyInAnyOrder("1_Pooling", Manifest.NAME);
        assertThat(names(target.getParent())).containsExactly("out");
    }

    @Test
    void anUnpublishedFolderDisappears() throws IOException {
        try (OutputFolder folder = create(parent.resolve("out"), false)) {
            folder.add(new OutputFile.Text("config.json", "{}"));
        }

        assertThat(names(parent)).isEmpty();
    }

    @Test
    void scratchIsThereUntilPublicationAndNotPublished() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder folder = create(target, false)) {
            Path scratch = Files.writeString(folder.scratch(".factors"), "numbers");
            folder.add(new OutputFile.Text("config.json", "{}"));

            assertThat(scratch).hasContent("numbers");

            folder.publish();
        }
        assertThat(names(target)).containsExactlyInAnyOrder("config.json", Manifest.NAME);
        assertThat(Manifest.read(target).orElseThrow().files()).containsOnlyKeys("config.json");
    }

    @Test
    void publicationReplacesAnEarlierOutputWhole() throws IOException {
        Path target = parent.resolve("out");
        write(target, false, "stale.safetensors", "old");
        write(target, true, "config.json", "{}");

        assertThat(names(target)).containsExactlyInAnyOrder("config.json", Manifest.NAME);
        assertThat(names(parent)).containsExactly("out");
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Path target = Files.createDirectory(parent.resolve("out"));

        write(target, false, "config.json", "{}");

        assertThat(target.resolve("config.json")).exists();
    }

    @Test
    void aFolderMadeMeanwhileStaysAndTheModelIsBesideIt() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder folder = create(target, false)) {
            folder.add(new OutputFile.Text("config.json", "{}"));
            Files.createDirectory(target);
            Files.writeString(target.resolve("thesis.txt"), "my only copy");

            assertRefused(folder, "something else appeared there during the run", "out.finished-r");
        }
        assertThat(names(target)).containsExactly("thesis.txt");
        assertThat(names(finished())).containsExactlyInAnyOrder("config.json", Manifest.NAME);
    }

    @Test
    void aFolderMadeMeanwhileIsNotReplacedWithOverwriteUnlessItIsAModelOfOurs() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder folder = create(target, true)) {
            folder.add(new OutputFile.Text("config.json", "{}"));
            Files.createDirectory(target);
            Files.writeString(target.resolve("config.json"), "{}");

            assertRefused(folder, "something other than a model from jmergekit", "out.finished-r");
        }
        assertThat(names(target)).containsExactly("config.json");
        assertThat(names(finished())).containsExactlyInAnyOrder("config.json", Manifest.NAME);
    }

    @Test
    void theSecondOfTwoRunsKeepsItsModelBesideThatOfTheFirst() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder first = create(target, false);
                OutputFolder second = create(target, false)) {
            first.add(new OutputFile.Text("config.json", "1"));
            second.add(new OutputFile.Text("config.json", "2"));
            first.publish();

            assertRefused(second, "something else appeared there during the run", "out.finished-r");
        }
        assertThat(target.resolve("config.json")).hasContent("1");
        assertThat(finished().resolve("config.json")).hasContent("2");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPartialFolderThatVanishesIsAFailure() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder folder = create(target, false)) {
            folder.add(new OutputFile.Text("model.safetensors", "weights"));
            Files.walk(folder.partial())
                    .sorted(java.util.Comparator.reverseOrder())
                    .forEach(f -> assertThat(f.toFile().delete()).isTrue());

            assertThatThrownBy(() -> folder.add(new OutputFile.Text("config.json", "{}")))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("removed or changed by another program");
            assertRefused(folder, "removed or changed by another program", "model.safetensors");
        }
        assertThat(names(parent)).isEmpty();
    }

    @Test
    void aFileThatIsCutShortIsAFailure() throws IOException {
        try (OutputFolder folder = create(parent.resolve("out"), false)) {
            folder.add(new OutputFile.Text("model.safetensors", "weights"));
            Files.writeString(folder.partial().resolve("model.safetensors"), "w");

            assertRefused(folder, "removed or changed by another program", "model.safetensors");
        }
        assertThat(names(parent)).isEmpty();
    }

    @Test
    void whatWasPutIntoTheEarlierModelsFolderMeanwhileIsKept() throws IOException {
        Path target = parent.resolve("out");
        write(target, false, "config.json", "{}");
        OutputPlace place = OutputPlace.of(target, true, false);
        try (OutputFolder folder =
                OutputFolder.create(
                        place,
                        step -> {
                            if (step == Publication.Step.ASIDE) {
                                writeString(old().resolve("notes.txt"), "mine");
                            }
                        })) {
            folder.add(new OutputFile.Text("config.json", "[]"));
            folder.publish();

            assertThat(folder.notes()).singleElement().asString().contains("out.kept-r");
        }
        assertThat(target.resolve("config.json")).hasContent("[]");
        assertThat(names(sibling("out.kept-"))).contains("notes.txt").doesNotContain("config.json");
    }

    @Test
    void anEarlierModelWhosePlaceIsTakenStaysAndIsNamed() throws IOException {
        Path target = parent.resolve("out");
        write(target, false, "config.json", "{}");
        OutputPlace place = OutputPlace.of(target, true, false);
        try (OutputFolder folder =
                OutputFolder.create(
                        place,
                        step -> {
                            if (step == Publication.Step.ASIDE) {
                                assertThat(target.toFile().mkdir()).isTrue();
                                writeString(target.resolve("thesis.txt"), "my only copy");
                            }
                        })) {
            folder.add(new OutputFile.Text("config.json", "[]"));

            assertRefused(folder, "something else appeared there during the run", "out.kept-r");
        }
        Leftovers.tidy(target);
        assertThat(names(target)).containsExactly("thesis.txt");
        assertThat(sibling("out.kept-").resolve("config.json")).hasContent("{}");
        assertThat(finished().resolve("config.json")).hasContent("[]");
    }

    @Test
    void aNameAsLongAsNamesMayBeWorks() throws IOException {
        Path target = parent.resolve("é".repeat(127) + "x");

        write(target, false, "config.json", "{}");
        write(target, true, "config.json", "[]");

        assertThat(target.resolve("config.json")).hasContent("[]");
        assertThat(names(parent)).hasSize(1);
    }

    @Test
    void aFileOutsideTheFolderIsAProgrammingMistake() {
        try (OutputFolder folder = create(parent.resolve("out"), false)) {
            assertThatThrownBy(() -> folder.add(new OutputFile.Text("../x", "")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRunThatLivesIsNotTidiedUp() throws IOException {
        Path target = parent.resolve("out");
        try (OutputFolder folder = create(target, false)) {
            folder.add(new OutputFile.Text("config.json", "{}"));

            assertThat(Leftovers.tidy(target)).isEmpty();
            assertThat(folder.partial().resolve("config.json")).exists();
            assertThat(Leftovers.ofLivingRun(target)).contains(folder.partial());
        }
    }

    private static OutputFolder create(Path target, boolean overwrite) {
        return OutputFolder.create(OutputPlace.of(target, overwrite, true));
    }

    private static void write(Path target, boolean overwrite, String name, String text) {
        try (OutputFolder folder = create(target, overwrite)) {
            folder.add(new OutputFile.Text(name, text));
            folder.publish();
        }
    }

    private static void assertRefused(OutputFolder folder, String what, String hint) {
        assertThatThrownBy(folder::publish)
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT);
                            assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .contains(what, hint);
                        });
    }

    private Path finished() throws IOException {
        return sibling("out.finished-");
    }

    private Path old() {
        try {
            return sibling(".out.old-");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path sibling(String prefix) throws IOException {
        return names(parent).stream()
                .filter(n -> n.startsWith(prefix))
                .map(parent::resolve)
                .findFirst()
                .orElseThrow();
    }

    private static void writeString(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
