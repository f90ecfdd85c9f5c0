package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.JavaProcess;
import jmergekit.model.publish.Leftovers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that end as by `kill -9`: no hook, no clean-up.
class KilledRunTest {
    private static final int KILLED = 9;

    @TempDir private Path parent;

    /// The program: writes a model of one file, or stops for good at a step.
    static final class Run {
        public static void main(String[] args) {
            OutputPlace place = OutputPlace.of(Path.of(args[0]), true, true);
            OutputFolder folder = OutputFolder.create(place, step -> endAt(step.name(), args[2]));
            folder.add(new OutputFile.Text("model.safetensors", args[1]));
            endAt("WRITING", args[2]);
            folder.publish();
            Runtime.getRuntime().halt(0);
        }

        private static void endAt(String step, String last) {
            if (step.equals(last)) {
                Runtime.getRuntime().halt(KILLED);
            }
        }
    }

    @Test
    void whileWritingLeavesTheOldModelAndAFolderThatTheNextRunRemoves() throws Exception {
        run("old", "");
        run("new", "WRITING");

        assertThat(names()).hasSize(2);
        assertModel("old");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertOnlyModel("old");
    }

    @Test
    void beforeTheFirstRenameLeavesTheOldModel() throws Exception {
        run("old", "");
        run("new", "COMPLETE");

        assertModel("old");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertOnlyModel("old");
    }

    @Test
    void betweenTheRenamesLeavesBothAndTheNextRunBringsTheNewOneBack() throws Exception {
        run("old", "");
        run("new", "ASIDE");

        assertThat(target()).doesNotExist();
        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("brought back");
        assertOnlyModel("new");
    }

    @Test
    void afterTheRenamesLeavesTheNewModelAndTheNextRunRemovesTheOldOne() throws Exception {
        run("old", "");
        run("new", "IN_PLACE");

        assertThat(names()).hasSize(2);
        assertModel("new");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertThat(names()).containsExactly("out");
        assertModel("new");
        assertThat(run("newer", "")).isZero();
        assertOnlyModel("newer");
    }

    @Test
    void withoutAnEarlierModelACompleteOneIsBroughtBack() throws Exception {
        run("new", "COMPLETE");

        assertThat(Leftovers.bringBack(target())).hasSize(1);
        assertOnlyModel("new");
    }

    @Test
    void aCompleteModelWhoseFilesWereCutIsNotBroughtBackButTheOldOne() throws Exception {
        run("old", "");
        run("new", "ASIDE");
        Path partial = sibling(".out.partial-");
        Files.writeString(partial.resolve("model.safetensors"), "");

        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("brought back");
        assertOnlyModel("old");
    }

    @Test
    void aFolderMadeBetweenTheRenamesStaysAndTheNewModelGetsANameOfItsOwn() throws Exception {
        run("old", "");
        run("new", "ASIDE");
        Files.createDirectory(target());
        Files.writeString(target().resolve("thesis.txt"), "mine");

        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("out.finished-r");
        assertThat(target().resolve("thesis.txt")).exists();
        assertThat(sibling("out.finished-").resolve("model.safetensors")).hasContent("new");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertThat(names()).hasSize(2);
    }

    @Test
    void leftoversOfEarlierVersionsAreKnownByDeadProcesses() throws IOException {
        long dead = 4_194_305;
        Files.createDirectory(parent.resolve(".out.partial-" + dead));
        Files.createDirectory(parent.resolve(".out.partial-1"));
        Files.createDirectory(parent.resolve(".out.partial-notes"));
        Path fresh = Files.createDirectory(parent.resolve(".out.partial-" + (dead + 1)));
        Files.writeString(fresh.resolve("model.safetensors"), "maybe of another container");
        Path old = Files.createDirectory(parent.resolve(".out.partial-" + dead + ".old"));
        Files.writeString(old.resolve("mergekit_config.yml"), "x");

        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("brought back");
        assertThat(target().resolve("mergekit_config.yml")).exists();
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "out",
                        ".out.partial-1",
                        ".out.partial-notes",
                        ".out.partial-" + (dead + 1));
    }

    private int run(String text, String last) throws IOException, InterruptedException {
        return JavaProcess.run(
                        parent, Map.of(), List.of(), Run.class, target().toString(), text, last)
                .code();
    }

    private void assertOnlyModel(String text) throws IOException {
        assertThat(names()).containsExactly("out");
        assertModel(text);
        try (Stream<Path> files = Files.list(target())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.safetensors", ".jmergekit-files.json");
        }
    }

    private void assertModel(String text) {
        assertThat(target().resolve("model.safetensors")).hasContent(text);
    }

    private Path target() {
        return parent.resolve("out");
    }

    private Path sibling(String prefix) throws IOException {
        return names().stream()
                .filter(n -> n.startsWith(prefix))
                .map(parent::resolve)
                .findFirst()
                .orElseThrow();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
