package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.RawFile;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final List<WeightFormat> FORMATS = List.of(SafetensorsHeader.FORMAT);
    private static final String INDEX = "model.safetensors.index.json";
    private static final String ONE = "model-00001-of-00002.safetensors";
    private static final String TWO = "model-00002-of-00002.safetensors";

    @TempDir Path folder;
    private final Problems problems = new Problems();

    @Test
    void singleFileIsRead() throws IOException {
        file("model.safetensors", "b", "a");
        assertThat(open()).containsExactly("b", "a");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void indexedShardsAreReadInOrderOfNameThenOffset() throws IOException {
        file(TWO, "c");
        file(ONE, "b", "a");
        index("a", ONE, "b", ONE, "c", TWO);
        assertThat(open()).containsExactly("b", "a", "c");
        assertThat(problems.all()).isEmpty();
        assertThat(
                        Checkpoint.open(folder, FORMATS, problems)
                                .find("c")
                                .orElseThrow()
                                .header()
                                .file())
                .isEqualTo(folder.resolve(TWO));
    }

    @Test
    void shardsWithoutIndexAreAllRead() throws IOException {
        file(ONE, "a");
        file(TWO, "b");
        file("consolidated.00.safetensors", "x");
        file("adapter_model.safetensors", "y");
        file("._" + TWO, "z");
        assertThat(open()).containsExactly("a", "b");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void theOnlyFileMayHaveAnyName() throws IOException {
        file("weights.safetensors", "a");
        assertThat(open()).containsExactly("a");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void missingShardWithoutIndexIsReported() throws IOException {
        file(TWO, "b");
        assertThat(open()).containsExactly("b");
        reports(
                "%s: holds 1 of 2 shards; missing: '%s'; download the missing shards"
                        .formatted(folder, ONE));
    }

    @Test
    void severalModelsInOneFolderAreRefused() throws IOException {
        file("a.safetensors", "a");
        file("b.safetensors", "b");
        assertThat(open()).isEmpty();
        reports(
                "%s: holds several weight files and no index: 'a.safetensors', 'b.safetensors';"
                                .formatted(folder)
                        + " keep one model in the folder, or add model.safetensors.index.json");
    }

    @Test
    void tensorInTwoShardsWithoutIndexIsRefused() throws IOException {
        file(ONE, "a", "b");
        file(TWO, "b");
        assertThat(open()).containsExactly("a", "b");
        reports("%s: '%s' and '%s' hold the same tensor 'b'".formatted(folder, ONE, TWO));
    }

    @Test
    void tensorInTwoShardsIsTakenFromTheOneTheIndexNames() throws IOException {
        file(ONE, "a", "b");
        file(TWO, "b", "c");
        index("a", ONE, "b", TWO, "c", TWO);
        assertThat(open()).containsExactly("a", "b", "c");
        assertThat(problems.all()).isEmpty();
        assertThat(
                        Checkpoint.open(folder, FORMATS, problems)
                                .find("b")
                                .orElseThrow()
                                .header()
                                .file())
                .isEqualTo(folder.resolve(TWO));
    }

    @Test
    void everyMissingShardIsReported() throws IOException {
        file("model-00002-of-00003.safetensors", "b");
        index(
                "a",
                "model-00001-of-00003.safetensors",
                "b",
                "model-00002-of-00003.safetensors",
                "c",
                "model-00003-of-00003.safetensors");
        assertThat(open()).containsExactly("b");
        String text =
                folder.resolve(INDEX)
                        + ": names shard 'model-0000%d-of-00003.safetensors', which is not in the"
                        + " folder; download it";
        reports(text.formatted(1), text.formatted(3));
    }

    @Test
    void shardNamesThatLeaveTheFolderAreRefused() throws IOException {
        file("model.safetensors", "a");
        Path outside = folder.resolve("sub");
        Files.createDirectory(outside);
        RawFile.ofBytes(outside.resolve("x.safetensors"), "x");
        index(
                "a",
                "model.safetensors",
                "b",
                "../x.safetensors",
                "c",
                "/x.safetensors",
                "d",
                "sub/x.safetensors",
                "e",
                "x.bin");
        assertThat(open()).containsExactly("a");
        String text =
                folder.resolve(INDEX)
                        + ": names shard '%s', which is not the plain name of a *.safetensors file";
        reports(
                text.formatted("../x.safetensors"),
                text.formatted("/x.safetensors"),
                text.formatted("sub/x.safetensors"),
                text.formatted("x.bin"));
    }

    @Test
    void tensorThatItsShardLacksIsReported() throws IOException {
        file(ONE, "a");
        file(TWO, "b");
        index("a", ONE, "x", ONE, "y", ONE, "b", TWO, "z", TWO);
        assertThat(open()).containsExactly("a", "b");
        String hint = "; the shard and the index belong to different models";
        reports(
                "%s: lacks 2 tensors ('x', 'y') that '%s' places in it%s"
                        .formatted(folder.resolve(ONE), INDEX, hint),
                "%s: lacks tensor 'z' that '%s' places in it%s"
                        .formatted(folder.resolve(TWO), INDEX, hint));
    }

    @Test
    void tensorThatIsInAnotherShardThanTheIndexSaysIsReported() throws IOException {
        file(ONE, "a");
        file(TWO, "b", "c");
        index("a", ONE, "b", ONE, "c", TWO);
        assertThat(open()).containsExactly("a", "b", "c");
        reports(
                "%s: places tensor 'b' in '%s' (found in '%s');"
                                .formatted(folder.resolve(INDEX), ONE, TWO)
                        + " the shards and the index belong to different models");
    }

    @Test
    void tensorThatTheIndexLacksIsUsedWithAWarning() throws IOException {
        file(ONE, "a");
        file(TWO, "b", "c");
        index("a", ONE, "b", TWO);
        assertThat(open()).containsExactly("a", "b", "c");
        warns(
                "%s: holds tensor 'c' that '%s' does not list; used anyway"
                        .formatted(folder.resolve(TWO), INDEX));
    }

    @Test
    void staleFilesBesideTheModelAreMentioned() throws IOException {
        file("model.safetensors", "a");
        file(ONE, "old");
        assertThat(open()).containsExactly("a");
        warns(
                "%s: is not one of the model's weight files and is not read"
                        .formatted(folder.resolve(ONE)));
    }

    @Test
    void everyDamagedShardIsReported() throws IOException {
        Files.write(folder.resolve(ONE), new byte[3]);
        Files.write(folder.resolve(TWO), new byte[4]);
        index("a", ONE, "b", TWO);
        assertThat(open()).isEmpty();
        reports(
                folder.resolve(ONE) + ": has 3 bytes, a safetensors file has at least 8",
                folder.resolve(TWO) + ": has 4 bytes, a safetensors file has at least 8");
    }

    @Test
    void brokenIndexesAreRefused() throws IOException {
        String where = folder.resolve(INDEX) + ": ";
        assertIndexRefused("[]", where + "the index is not a JSON object");
        assertIndexRefused("", where + "the index is not a JSON object");
        assertIndexRefused("{}", where + "has no 'weight_map'");
        assertIndexRefused("{\"weight_map\":[]}", where + "'weight_map' is not an object");
        assertIndexRefused("{\"weight_map\":{}}", where + "'weight_map' is empty");
        assertIndexRefused(
                "{\"weight_map\":{\"a\":7}}", where + "the shard of tensor 'a' is not a string");
        assertIndexRefused(
                "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}",
                where + "the index is not valid JSON at character");
        assertIndexRefused(
                "{\"metadata\":" + "[".repeat(100_000),
                where + "the index is not valid JSON: Document nesting depth (17) exceeds");
        assertIndexRefused("{\"weight_map\":", where + "the index is not valid JSON");
    }

    @Test
    void folderWithoutWeightsIsRefused() throws IOException {
        Files.createFile(folder.resolve("config.json"));
        assertThat(open()).isEmpty();
        String expected =
                folder
                        + ": holds no model weights (expected model.safetensors,"
                        + " model.safetensors.index.json, any one *.safetensors file";
        reports(expected + ")");
    }

    @Test
    void folderWithAnAdapterOnlyIsRefused() throws IOException {
        file("adapter_model.safetensors", "a");
        assertThat(open()).isEmpty();
        reports(
                folder
                        + ": holds no model weights (expected model.safetensors,"
                        + " model.safetensors.index.json, any one *.safetensors file, found only"
                        + " 'adapter_model.safetensors')");
    }

    @Test
    void missingFolderAndPlainFileAreRefused() throws IOException {
        Path missing = folder.resolve("missing");
        Path plain = Files.createFile(folder.resolve("plain"));
        assertThat(Checkpoint.open(missing, FORMATS, problems).tensors()).isEmpty();
        assertThat(Checkpoint.open(plain, FORMATS, problems).tensors()).isEmpty();
        reports(missing + ": does not exist", plain + ": is not a folder");
    }

    private void assertIndexRefused(String json, String message) throws IOException {
        Files.writeString(folder.resolve(INDEX), json);
        Problems found = new Problems();
        assertThat(Checkpoint.open(folder, FORMATS, found).tensors()).isEmpty();
        assertThat(found.all()).singleElement().asString().startsWith(message);
        assertThat(found.hasErrors()).isTrue();
    }

    private List<String> open() {
        return Checkpoint.open(folder, FORMATS, problems).tensors().stream()
                .map(TensorSpec::name)
                .toList();
    }

    private void reports(String... errors) {
        assertThat(problems.all()).extracting(Problem::toString).containsExactly(errors);
        assertThat(problems.all()).allMatch(p -> p.severity() == Severity.ERROR);
    }

    private void warns(String... warnings) {
        assertThat(problems.all()).extracting(Problem::toString).containsExactly(warnings);
        assertThat(problems.hasErrors()).isFalse();
    }

    private void file(String name, String... tensors) throws IOException {
        RawFile.ofBytes(folder.resolve(name), tensors);
    }

    /// Writes an index from pairs of tensor and shard.
    private void index(String... pairs) throws IOException {
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(pairs[i], pairs[i + 1]));
        }
        Files.writeString(
                folder.resolve(INDEX),
                "{\"metadata\":{\"total_size\":1},\"weight_map\":{%s}}".formatted(map));
    }
}
