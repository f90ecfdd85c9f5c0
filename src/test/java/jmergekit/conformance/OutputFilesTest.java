package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The checks of what surrounds the weights: shards, cards, tokenizers, adapters.
class OutputFilesTest {
    private static final String CARD =
            """
            ---
            base_model: []
            tags:
            - merge

            ---
            # name

            This model was merged using the [TIES](https://x.y) merge method using ../a.b as a base.

            ### Models Merged

            * ../c
            * ../d

            ### Configuration

            ```yaml
            merge_method: ties
            ```
            """;

    private static final String TOKENIZER =
            """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "b"]]},
             "added_tokens": [{"id": %d, "content": "<x>", "special": true},
                              {"id": %d, "content": "<y>", "special": %b}]}
            """;

    private Path expected;
    private Path output;

    @BeforeEach
    void makeFolders(@TempDir Path folder) throws IOException {
        expected = Files.createDirectories(folder.resolve("expected"));
        output = Files.createDirectories(folder.resolve("out"));
    }

    private List<String> compared(String compare) {
        ConformanceCase theCase =
                new ConformanceCase(
                        "family",
                        "name",
                        expected.getParent(),
                        Json.parse("{\"compare\": " + compare + "}"));
        return new OutputCheck(theCase, output, output, Allowance.NONE).differences();
    }

    private static StoredTensor matrix(int rows, int columns, double... values) {
        return StoredTensor.of("F32", List.of(rows, columns), values);
    }

    private static void weights(Path folder, String file, Object... namesAndTensors)
            throws IOException {
        TreeMap<String, StoredTensor> tensors = new TreeMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            tensors.put((String) namesAndTensors[i], (StoredTensor) namesAndTensors[i + 1]);
        }
        Checkpoint.write(folder.resolve(file), tensors);
    }

    private void shards(int totalSize) throws IOException {
        weights(output, "model-00001-of-00002.safetensors", "a", matrix(1, 2, 1, 2));
        weights(
                output,
                "model-00002-of-00002.safetensors",
                "b",
                matrix(1, 1, 3),
                "c",
                matrix(1, 1, 4));
        Files.writeString(
                output.resolve(Checkpoint.INDEX),
                """
                {"metadata": {"total_size": %d},
                 "weight_map": {"a": "model-00001-of-00002.safetensors",
                                "b": "model-00002-of-00002.safetensors",
                                "c": "model-00002-of-00002.safetensors"}}
                """
                        .formatted(totalSize));
    }

    @Test
    void shardsAreNamedCountedAndBounded() throws IOException {
        shards(16);

        assertThat(compared("{\"shards\": {\"max_bytes\": 8, \"count_min\": 2}}")).isEmpty();
        assertThat(compared("{\"shards\": {\"max_bytes\": 4}}"))
                .containsExactly("model-00002-of-00002.safetensors: 8 bytes in 2 tensors");
        assertThat(compared("{\"shards\": {\"count_min\": 3}}")).hasSize(1);

        shards(17);
        assertThat(compared("{\"shards\": {}}")).hasSize(1);
    }

    @Test
    void weightsThatDoNotAgreeWithTheirIndexAreNotRead() throws IOException {
        shards(16);
        assertThat(Checkpoint.readModel(output)).containsOnlyKeys("a", "b", "c");

        weights(output, "model.safetensors", "a", matrix(1, 1, 1));
        assertThatThrownBy(() -> Checkpoint.readModel(output)).hasMessageContaining("found");

        Files.delete(output.resolve("model.safetensors"));
        weights(output, "model-00001-of-00002.safetensors", "z", matrix(1, 1, 1));
        assertThatThrownBy(() -> Checkpoint.readModel(output)).hasMessageContaining("'z'");
    }

    @Test
    void truncatedAndGappedWeightFilesAreNotRead() throws IOException {
        weights(output, "model.safetensors", "a", matrix(1, 2, 1, 2));
        Path file = output.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Checkpoint.readModel(output)).isInstanceOf(IOException.class);

        Files.write(file, Arrays.copyOf(bytes, bytes.length + 4));
        assertThatThrownBy(() -> Checkpoint.readModel(output))
                .hasMessageContaining("after the last tensor");
    }

    @Test
    void cardsAreComparedByContent() throws IOException {
        Files.writeString(expected.resolve("README.md"), CARD);
        Files.writeString(
                output.resolve("README.md"),
                CARD.replace("# name", "# other").replace("* ../c\n* ../d", "* ../d\n* ../c"));
        assertThat(compared("{\"readme\": true}")).isEmpty();

        for (String[] change :
                List.of(
                        new String[] {"- merge\n", "- merged\n"},
                        new String[] {"[TIES]", "[DARE]"},
                        new String[] {" using ../a.b as a base", ""},
                        new String[] {"* ../d", "* ../e"},
                        new String[] {"merge_method: ties", "merge_method: sce"})) {
            Files.writeString(output.resolve("README.md"), CARD.replace(change[0], change[1]));
            assertThat(compared("{\"readme\": true}")).as(change[1]).hasSize(1);
        }
    }

    private static void tokenizer(Path folder, int x, int y, boolean special, String template)
            throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER.formatted(x, y, special));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": {\"content\": \"<x>\"}, \"chat_template\": \"%s\"}"
                        .formatted(template));
    }

    @Test
    void tokenizersAreComparedWithTheirIds() throws IOException {
        String policy = "{\"tokenizer\": {\"ids\": \"exact\", \"merges\": true}}";
        tokenizer(expected, 2, 3, false, "T");

        tokenizer(output, 2, 3, false, "");
        Files.writeString(output.resolve("chat_template.jinja"), "T");
        assertThat(compared(policy)).isEmpty();

        Files.writeString(output.resolve("chat_template.jinja"), "U");
        assertThat(compared(policy)).containsExactly("chat template is 'U', expected 'T'");

        Files.delete(output.resolve("chat_template.jinja"));
        tokenizer(output, 3, 2, false, "T");
        assertThat(compared(policy)).hasSize(2);
        tokenizer(output, 2, 3, true, "T");
        assertThat(compared(policy)).containsExactly("added token '<y>': true, expected false");
    }

    @Test
    void rowsFollowTheirTokensWhereIdsAreFree() throws IOException {
        String policy =
                """
                {"tensors": {"mode": "exact"},
                 "tokenizer": {"ids": "by_token", "fixed_below": 2, "row_tensors": ["e"]}}
                """;
        tokenizer(expected, 2, 3, false, "T");
        tokenizer(output, 3, 2, false, "T");
        weights(expected, "model.safetensors", "e", matrix(5, 1, 1, 2, 30, 40, 5));

        weights(output, "model.safetensors", "e", matrix(5, 1, 1, 2, 40, 30, 5));
        assertThat(compared(policy)).isEmpty();

        weights(output, "model.safetensors", "e", matrix(5, 1, 1, 2, 30, 40, 5));
        assertThat(compared(policy)).hasSize(1);

        assertThat(compared(policy.replace("\"fixed_below\": 2", "\"fixed_below\": 3")))
                .isNotEmpty();
    }

    private void adapter(Path folder, double scaleA, double scaleB) throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1}");
        weights(
                folder,
                "adapter_model.safetensors",
                "base_model.model.m.lora_A.weight",
                matrix(1, 2, scaleA, 0),
                "base_model.model.m.lora_B.weight",
                matrix(2, 1, scaleB, 0));
    }

    @Test
    void adaptersMustBeTheBestOfTheirRank() throws IOException {
        weights(
                expected.resolveSibling("base"),
                "model.safetensors",
                "m.weight",
                matrix(2, 2, 1, 1, 1, 1));
        weights(
                expected.resolveSibling("model"),
                "model.safetensors",
                "m.weight",
                matrix(2, 2, 5, 1, 1, 2));
        adapter(expected, 2, 2);
        String policy = "{\"adapter\": {\"base\": \"base\", \"model\": \"model\"%s}}";

        adapter(output, -4, -1);
        assertThat(compared(policy.formatted(""))).isEmpty();
        assertThat(compared(policy.formatted(", \"balanced\": true"))).hasSize(1);
        assertThat(compared(policy.formatted(", \"balanced\": false"))).isEmpty();

        adapter(output, 2, 1.9);
        assertThat(compared(policy.formatted(""))).hasSize(2);
    }
}
