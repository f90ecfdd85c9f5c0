package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.output.MergedModel;
import jmergekit.output.PendingFiles;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.Planner;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are written to or replaced while a merge runs.
class ChangedInputsTest {
    @TempDir private Path folder;
    private Path out;

    @BeforeEach
    void writeModels() throws IOException {
        out = folder.resolve("out");
        for (String name : List.of("A", "B")) {
            TinyModel.llama(1, 8, false, 0).write(folder.resolve(name), "F32");
            Files.writeString(folder.resolve(name).resolve("LICENSE"), "free");
            Files.writeString(folder.resolve(name).resolve("notes.md"), "none");
            for (String file : List.of("model.safetensors", "config.json", "LICENSE")) {
                Files.setLastModifiedTime(
                        folder.resolve(name).resolve(file), FileTime.fromMillis(1_000_000));
            }
        }
    }

    private interface Change {
        void make(Path file) throws IOException;
    }

    /// Merges, and makes the change when the first tensor is done.
    private void merge(String file, Change change) throws IOException {
        boolean[] made = {false};
        PlannedMerge plan = plan();
        Progress progress =
                (_, _) -> {
                    if (!made[0]) {
                        made[0] = true;
                        make(change, folder.resolve(file));
                    }
                };
        BoundPlan bound = new MergedModel(plan, true).plan(PendingFiles.NONE, Optional.empty());
        PlanRuns.write(bound, OutputPlace.of(out, false, false), progress);
    }

    private static void make(Change change, Path file) {
        try {
            change.make(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PlannedMerge plan() throws IOException {
        Path recipe = folder.resolve("recipe.yml");
        Files.writeString(
                recipe,
                "merge_method: linear\nmodels: [{model: ./A}, {model: ./B}]\n"
                        + "parameters: {weight: 1}\n");
        Problems problems = new Problems();
        return new Planner(
                        new RecipeReader(folder)
                                .read(recipe, recipe.toString(), problems)
                                .orElseThrow(),
                        new PlanOptions(
                                LocalModels.in(folder), false, Sharding.safetensors(1 << 20), 0),
                        problems)
                .plan();
    }

    @Test
    void filesThatStayAreFine() throws IOException {
        merge("B/notes.md", file -> Files.writeString(file, "more"));

        assertThat(out).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A/model.safetensors", "B/model.safetensors", "B/config.json", "A/LICENSE"})
    void aFileThatIsWrittenToIsRefused(String file) {
        assertRefused(
                file,
                f -> {
                    byte[] bytes = Files.readAllBytes(f);
                    bytes[bytes.length - 1]++;
                    Files.write(f, bytes);
                },
                "changed while it was in use (found a write at ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A/model.safetensors", "B/model.safetensors", "B/config.json", "A/LICENSE"})
    void aFileThatIsReplacedIsRefused(String file) {
        assertRefused(
                file,
                f -> {
                    Path other = f.resolveSibling("other");
                    Files.copy(f, other);
                    Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000));
                    Files.delete(f);
                    Files.move(other, f);
                },
                "changed while it was in use (found another file in its place)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"B/config.json", "A/LICENSE"})
    void aFileThatIsDeletedIsRefused(String file) {
        assertRefused(file, Files::delete, "is gone");
    }

    @Test
    void aFileOfAnotherSizeIsRefused() throws IOException {
        long size = Files.size(folder.resolve("B/model.safetensors"));

        assertRefused(
                "B/model.safetensors",
                f -> Files.write(f, new byte[4], java.nio.file.StandardOpenOption.APPEND),
                "changed while it was in use (expected %d bytes, found %d)"
                        .formatted(size, size + 4));
    }

    private void assertRefused(String file, Change change, String message) {
        assertThatThrownBy(() -> merge(file, change))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(folder.resolve(file) + ": " + message)
                .hasMessageContaining("do not change the inputs during a run, and start again");
        assertThat(out).doesNotExist();
        assertThat(folder.toFile().list((_, name) -> name.contains("partial"))).isEmpty();
    }
}
