package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.JavaProcess;
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
        writeOld();
        assertThat(run("new", "WRITING")).isEqualTo(KILLED);

        assertThat(names()).hasSize(2);
        assertModel("old");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertOnlyModel("old");
    }

    @Test
    void beforeTheFirstRenameLeavesTheOldModel() throws Exception {
        writeOld();
        assertThat(run("new", "COMPLETE")).isEqualTo(KILLED);

        assertModel("old");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertOnlyModel("old");
    }

    @Test
    void betweenTheRenamesLeavesBothAndTheNextRunBringsTheNewOneBack() throws Exception {
        writeOld();
        assertThat(run("new", "ASIDE")).isEqualTo(KILLED);

        assertThat(target()).doesNotExist();
        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("restored");
        assertOnlyModel("new");
    }

    @Test
    void afterTheRenamesLeavesTheNewModelAndTheNextRunRemovesTheOldOne() throws Exception {
        writeOld();
        assertThat(run("new", "IN_PLACE")).isEqualTo(KILLED);

        assertThat(names()).hasSize(2);
        assertModel("new");
        assertThat(Leftovers.tidy(target())).isEmpty();
        assertThat(names()).containsExactly("out");
        assertModel("new");
    }

    @Test
    void withoutAnEarlierModelACompleteOneIsBroughtBack() throws Exception {
        assertThat(run("new", "COMPLETE")).isEqualTo(KILLED);

        assertThat(Leftovers.bringBack(target())).hasSize(1);
        assertOnlyModel("new");
    }

    @Test
    void aCompleteModelWhoseFilesWereCutIsNotBroughtBackButTheOldOne() throws Exception {
        writeOld();
        assertThat(run("new", "ASIDE")).isEqualTo(KILLED);
        Path partial = sibling(".out.partial-");
        Files.writeString(partial.resolve("model.safetensors"), "");

        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("restored");
        assertOnlyModel("old");
    }

    @Test
    void aFolderMadeBetweenTheRenamesStaysAndTheNewModelGetsANameOfItsOwn() throws Exception {
        writeOld();
        assertThat(run("new", "ASIDE")).isEqualTo(KILLED);
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

        assertThat(Leftovers.tidy(target())).singleElement().asString().contains("restored");
        assertThat(target().resolve("mergekit_config.yml")).exists();
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "out",
                        ".out.partial-1",
                        ".out.partial-notes",
                        ".out.partial-" + (dead + 1));
    }

    private void writeOld() {
        try (OutputFolder folder = OutputFolder.create(OutputPlace.of(target(), true, false))) {
            folder.add(new OutputFile.Text("model.safetensors", "old"));
            folder.publish();
        }
    }

    private int run(String text, String last) throws IOException, InterruptedException {
        List<String> quick = List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto");
        return JavaProcess.run(parent, Map.of(), quick, Run.class, target().toString(), text, last)
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
