package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerOutputTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir private Path folder;

    @Test
    void anUnchangedVocabularyNeedsNoNewFile() {
        TinyTokenizer.of(List.of("x")).special("<s>").write(folder);

        TokenizerOutput output = output(ALL, List.of(), Optional.empty());

        assertThat(output.written()).isEmpty();
        assertThat(output.isOutdated("tokenizer.model")).isFalse();
    }

    @Test
    void aChangedVocabularyIsWrittenAndOtherFormsOfItAreOutdated() throws IOException {
        TinyTokenizer.of(List.of("x")).special("<s>").write(folder);
        Files.writeString(folder.resolve("tokenizer.model"), "pieces");
        TokenizerOutput output = output(ALL, List.of("new"), Optional.empty());

        assertThat(output.written()).containsOnlyKeys("tokenizer.json", "tokenizer_config.json");
        assertThat(added(output)).containsExactly("1 <s> true", "2 new false");
        assertThat(json(output, "tokenizer_config.json").path("added_tokens_decoder").path("2"))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"content": "new", "single_word": false, "lstrip": false,
                                         "rstrip": false, "normalized": true, "special": false}
                                        """));
        for (String name : List.of("tokenizer.model", "vocab.json", "merges.txt", "vocab.txt")) {
            assertThat(output.isOutdated(name)).as(name).isTrue();
        }
        assertThat(output.isOutdated("special_tokens_map.json")).isFalse();
        assertThat(output.leftOut()).containsExactly("tokenizer.model");
    }

    @Test
    void everythingElseInTheFileIsCopiedDigitByDigit() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "truncation": null, "x": [1, {"y": true}, -2.50e-3, []],
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [
                   ["<unk>", 0.0], ["a\\"\\n", -1.50], ["é▁", -12345.6789012345678], ["z", -9E+2]]}}
                """);
        String text = text(output(3, List.of("new"), Optional.empty()), "tokenizer.json");

        assertThat(text.replaceAll("\\s*\\n\\s*", " "))
                .contains("\"truncation\": null, \"x\": [ 1, { \"y\": true }, -2.50e-3, [ ] ]")
                .contains("[ \"<unk>\", 0.0 ], [ \"a\\\"\\n\", -1.50 ]")
                .contains("[ \"é▁\", -12345.6789012345678 ]")
                .doesNotContain("\"z\"")
                .contains("\"content\": \"new\"");
    }

    @Test
    void mergesGoWithTheTokensThatTheyTakeOrMake() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"model": {"type": "BPE", "continuing_subword_prefix": "##",
                  "vocab": {"a": 0, "##b": 1, "c": 2, "ca": 3, "ab": 4, "abc": 5},
                  "merges": [["c", "a"], ["a", "##b"], ["ab", "c"], "a ##b", "c a"]}}
                """);

        JsonNode model =
                json(output(4, List.of(), Optional.empty()), "tokenizer.json").path("model");

        assertThat(model.path("vocab").propertyNames()).containsExactly("a", "##b", "c", "ca");
        assertThat(model.path("merges"))
                .isEqualTo(JsonMapper.shared().readTree("[[\"c\", \"a\"], \"c a\"]"));
    }

    @Test
    void settingsForgetTokensThatAreGone() throws IOException {
        TinyTokenizer.of(List.of("x"))
                .special("<s>", "</s>", "<pad>")
                .setting("bos_token", "<s>")
                .setting("pad_token", "<pad>")
                .setting("additional_special_tokens", List.of("</s>", "<pad>"))
                .write(folder);
        Files.writeString(
                folder.resolve("special_tokens_map.json"),
                "{\"pad_token\": {\"content\": \"<pad>\"}, \"bos_token\": \"<s>\"}");

        TokenizerOutput output = output(3, List.of(), Optional.empty());

        JsonNode settings = json(output, "tokenizer_config.json");
        assertThat(settings.path("bos_token").asString()).isEqualTo("<s>");
        assertThat(settings.has("pad_token")).isFalse();
        assertThat(settings.path("additional_special_tokens").values())
                .extracting(JsonNode::asString)
                .containsExactly("</s>");
        assertThat(settings.path("added_tokens_decoder").propertyNames()).containsExactly("1", "2");
        assertThat(json(output, "special_tokens_map.json").propertyNames())
                .containsExactly("bos_token");
    }

    @Test
    void aChatTemplateGoesWhereLoadersLookForIt() throws IOException {
        TinyTokenizer.of(List.of("x")).setting("chat_template", "old").write(folder);

        TokenizerOutput alone = TokenizerOutput.of("m", folder, "{{ new }}");

        assertThat(alone.written()).containsOnlyKeys("tokenizer_config.json");
        assertThat(json(alone, "tokenizer_config.json").path("chat_template").asString())
                .isEqualTo("{{ new }}");

        Files.writeString(folder.resolve("chat_template.jinja"), "old");
        Files.writeString(folder.resolve("chat_template.json"), "{\"chat_template\": \"old\"}");
        TokenizerOutput all = TokenizerOutput.of("m", folder, "{{ new }}");

        assertThat(all.written()).hasSize(3);
        assertThat(text(all, "chat_template.jinja")).isEqualTo("{{ new }}");
        assertThat(json(all, "chat_template.json").path("chat_template").asString())
                .isEqualTo("{{ new }}");
    }

    @Test
    void aModelWithoutATokenizerGetsNoChatTemplate() {
        assertThatThrownBy(() -> TokenizerOutput.of("m", folder, "{{ new }}"))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("m: no tokenizer for the chat template");
    }

    private TokenizerOutput output(long rows, List<String> more, Optional<String> template) {
        ModelTokenizer tokenizer = ModelTokenizer.read("m", folder);
        return TokenizerOutput.of(OutputVocabulary.of(tokenizer, rows, more), template);
    }

    private static List<String> added(TokenizerOutput output) throws IOException {
        return json(output, "tokenizer.json").path("added_tokens").values().stream()
                .map(t ->
                        t.path("id").asInt()
                                + " "
                                + t.path("content").asString()
                                + " "
                                + t.path("special").asBoolean())
                .toList();
    }

    private static JsonNode json(TokenizerOutput output, String name) throws IOException {
        return JsonMapper.shared().readTree(text(output, name));
    }

    private static String text(TokenizerOutput output, String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        output.written().get(name).writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
