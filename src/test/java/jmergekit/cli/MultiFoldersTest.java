package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;

/// Recipes whose outputs are kept in folders, and taken from there by the next run.
class MultiFoldersTest extends MultiRuns {
    @Test
    void writtenStagesGiveTheBytesOfThreeCommandsInAnyDtype() throws IOException {
        step(FIRST.formatted("bfloat16"), "first");
        step(SECOND.formatted("bfloat16"), "second");
        step(LAST.formatted("", "bfloat16"), "stepwise");
        for (String name : List.of("first", "second")) {
            Files.move(folder.resolve(name), folder.resolve("kept-" + name));
        }

        Cli.Result result =
                multi(stages("bfloat16", "bfloat16"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(weights("out")).isEqualTo(weights("stepwise"));
        assertThat(weights("stages/first")).isEqualTo(weights("kept-first"));
        assertThat(names("stages")).containsExactly("first", "second");
    }

    @Test
    void aSecondRunTakesWhatIsThere() throws IOException {
        String[] args = {"--out-path", "out", "--intermediate-dir", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        FileTime made = Files.getLastModifiedTime(folder.resolve("stages/first/model.safetensors"));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.err()).contains("first: is up to date", "second: is up to date", "out: ");
        assertThat(Files.getLastModifiedTime(folder.resolve("stages/first/model.safetensors")))
                .isEqualTo(made);
    }

    @Test
    void aStageIsMadeAgainIfItsRecipeChangesAndSoIsWhatFollows() {
        String[] args = {"--out-path", "out", "--intermediate-dir", "stages"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();

        Cli.Result again =
                multi(
                        stages("float32", "float32").replace("weight: 0.7", "weight: 0.8"),
                        "--out-path",
                        "out2",
                        "-I",
                        "stages");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("is up to date");
    }

    @Test
    void aStageIsMadeAgainIfAnInputChanges() throws IOException {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        byte[] before = weights("out");
        TinyModel.llama(2, 16, false, 0).tuned(7).write(folder.resolve("c"), "F32");
        Files.setLastModifiedTime(
                folder.resolve("c/model.safetensors"), FileTime.fromMillis(1_000_000));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.err())
                .contains("first: is up to date")
                .doesNotContain("second: is up to date");
        assertThat(weights("out")).isNotEqualTo(before);
    }

    @Test
    void aStageThatLacksItsWeightsIsMadeAgain() throws IOException {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        byte[] whole = weights("stages/first");
        Files.delete(folder.resolve("stages/first/model.safetensors"));

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(weights("stages/first")).isEqualTo(whole);
    }

    @Test
    void noLazyMakesAllAgain() {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite", "--no-lazy"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();

        assertThat(multi(stages("float32", "float32"), args).err())
                .contains("first: 21 tensors merged")
                .doesNotContain("is up to date");
    }

    @Test
    void aFolderOfSomebodyElseIsNotReplaced() throws IOException {
        Files.createDirectories(folder.resolve("stages/first"));
        write("stages/first/notes.txt", "mine");

        Cli.Result result =
                multi(stages("float32", "float32"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("stages/first");
        assertThat(folder.resolve("stages/first/notes.txt")).hasContent("mine");
    }

    @Test
    void dryRunWritesNothingAndListsEachOutput() throws IOException {
        List<String> before = names(".");

        Cli.Result result =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "-I",
                        "stages",
                        "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "'first' into stages/first", "'second' into stages/second", "into out");
        assertThat(names(".")).hasSize(before.size() + 1).contains("all.yml");
    }

    @Test
    void aDryRunPrintsOnePlanAsJson() {
        Cli.Result one =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "--dry-run",
                        "--format",
                        "json");
        assertThat(one.out()).startsWith("{");

        Cli.Result several =
                multi(
                        stages("float32", "float32"),
                        "--out-path",
                        "out",
                        "-I",
                        "s",
                        "--dry-run",
                        "--format",
                        "json");
        assertThat(several.code()).isEqualTo(2);
        assertThat(several.err()).contains("--format json", "3 outputs");
    }

    @Test
    void anOutputThatHasNoPlaceIsSaidBeforeTheFirstStageIsMade() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        write("out/notes.txt", "mine");

        Cli.Result result =
                multi(stages("float32", "float32"), "--out-path", "out", "-I", "stages");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("out: the output folder is not empty");
        assertThat(folder.resolve("stages")).doesNotExist();
    }

    @Test
    void aDryRunSaysWhatIsUpToDateAndPlansTheRestFromFolders() {
        String[] args = {"--out-path", "out", "-I", "stages"};
        assertThat(multi(stages("bfloat16", "float32"), args).code()).isZero();
        String changed =
                stages("bfloat16", "float32")
                        .replace("weight: 0.5, density", "weight: 0.6, density");

        Cli.Result result = multi(changed, "--out-path", "out2", "-I", "stages", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("stages/first: is up to date")
                .doesNotContain("second: is");
        assertThat(result.out()).contains("first: model.norm.weight BF16");
    }

    @Test
    void aMixtureInsideIsPlannedByADryRunWithFolders() {
        String recipes =
                """
                name: mixture
                base_model: a
                gate_mode: random
                experts: [{source_model: b}, {source_model: c}]
                dtype: float32
                ---
                merge_method: passthrough
                models: [{model: mixture}]
                """;

        Cli.Result result = multi(recipes, "--out-path", "out", "-I", "stages", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("block_sparse_moe");
        assertThat(folder.resolve("stages")).doesNotExist();
    }

    @Test
    void aChangeOfLargeWeightsIsNoticedByTheirTime() throws IOException {
        TinyModel.llama(2, 30_000, false, 0).write(folder.resolve("a"), "F32");
        String recipes =
                """
                name: copy
                merge_method: passthrough
                models: [{model: a}]
                ---
                merge_method: passthrough
                models: [{model: copy}]
                """;
        assertThat(multi(recipes, "--out-path", "out", "-I", "stages").code()).isZero();
        Path weights = folder.resolve("stages/copy/model.safetensors");
        assertThat(Files.size(weights)).isGreaterThan(1 << 20);
        byte[] whole = Files.readAllBytes(weights);
        byte[] changed = whole.clone();
        changed[changed.length - 1] ^= 1;
        Files.write(weights, changed);
        Files.setLastModifiedTime(weights, FileTime.fromMillis(System.currentTimeMillis() + 5000));

        Cli.Result again = multi(recipes, "--out-path", "out2", "-I", "stages");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("up to date");
        assertThat(Files.readAllBytes(weights)).isEqualTo(whole);
    }

    @Test
    void aStrangersFileBesideWhatIsUpToDateIsNoMatter() {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        write("stages/first/notes.txt", "mine");

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("first: is up to date");
    }

    @Test
    void aStageThatSomebodyEditedIsNotReplaced() {
        String[] args = {"--out-path", "out", "-I", "stages", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();
        write("stages/first/config.json", "{}");

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.code()).isEqualTo(4);
        assertThat(again.err()).contains("stages/first", "changed since");
        assertThat(folder.resolve("stages/first/config.json")).hasContent("{}");
    }

    @Test
    void theWorkingDirectoryCanHoldTheFolders() {
        String[] args = {"--out-path", "out", "-I", ".", "--overwrite"};
        assertThat(multi(stages("float32", "float32"), args).code()).isZero();

        Cli.Result again = multi(stages("float32", "float32"), args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("first: is up to date");
    }
}
