package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a recipe says about the tokenizer: how the plan shows it, and what is refused.
class TokenizerSectionTest {
    private static final String RECIPE =
            """
            merge_method: linear
            base_model: ./base
            models: [{model: ./base}, {model: ./chat}, {model: ./code}]
            parameters: {weight: 1}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        model("base", 6, TinyTokenizer.of(List.of("a", "b", "c")).special("<s>", "</s>"));
        model("chat", 7, TinyTokenizer.of(List.of("a", "c", "b")).special("<s>", "<u>", "<v>"));
        model("code", 6, TinyTokenizer.of(List.of("a", "d", "b")).special("<s>", "<v>"));
    }

    private void model(String name, int rows, TinyTokenizer tokenizer) {
        tokenizer.write(folder.resolve(name));
        TinyModel.llama(1, rows, false, 1).write(folder.resolve(name), "BF16");
    }

    @Test
    void thePlanShowsWhereTheRowsComeFrom() throws IOException {
        String plan =
                plan(
                        """
                        tokenizer:
                          source: union
                          tokens:
                            a: {source: ./chat}
                            <u>: {source: {kind: model_token, model: ./code, token: <s>}, force: true}
                            <new>: {source: {kind: zero}}
                        """);

        assertThat(section(plan))
                .containsExactly(
                        "tokenizer from ./base",
                        "9 tokens: 5 of ./base, 4 new; 9 rows",
                        "a (0): each model's own row",
                        "<s> (3): each model's own row",
                        "</s> (4): own row in ./base; taken from ./base (row 4) in ./chat, ./code",
                        "<u> (6): taken from ./code (row 3) in all models",
                        "<v> (7): own row in ./chat, ./code; the mean of the models that have it in"
                                + " ./base",
                        "<new> (8): zeros in all models",
                        "1 other token: each model's own row",
                        "1 other token: own row in ./base, ./chat; taken from ./base in ./code",
                        "1 other token: own row in ./code; taken from ./code in ./base, ./chat");
        assertThat(plan).contains("model.embed_tokens.weight BF16 [9, 32]");
        assertThat(plan)
                .contains("./chat: model.embed_tokens.weight BF16 rows by token of [7, 32]");
        assertThat(plan).contains("vocab_size = 9");
    }

    @Test
    void thePlanShowsPadding() throws IOException {
        assertThat(section(plan("tokenizer: {source: base}\n")))
                .endsWith("1 padding row: own row in ./base, ./code; taken from ./base in ./chat");
        assertThat(section(plan("tokenizer: {source: base, pad_to_multiple_of: 4}\n")))
                .endsWith("3 padding rows: the mean of all tokens in all models");
    }

    @Test
    void equalVocabulariesAreMergedAsTheyAre() throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: ./base}]\ntokenizer: {source: union}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out", "--dry-run", "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).doesNotContain("rows by token").doesNotContain("vocab_size");
    }

    @Test
    void aBuiltTokenizerIsWrittenEvenIfNoneIsCopied() throws IOException {
        Files.writeString(folder.resolve("base/generation_config.json"), "{}");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE + "tokenizer: {source: union}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out", "--no-copy-tokenizer");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve("out/tokenizer.json")).exists();
        assertThat(folder.resolve("out/generation_config.json")).doesNotExist();
    }

    @Test
    void aTemplateForATokenizerThatIsNotWrittenIsSaidToBeIdle() throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"),
                RECIPE.replace(", {model: ./chat}", "") + "chat_template: chatml\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out", "--no-copy-tokenizer");

        assertThat(result.err())
                .contains("recipe.yml:5:16: no chat template is written with --no-copy-tokenizer");
        assertThat(folder.resolve("out/tokenizer_config.json")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer: {source: ./none} | 3 | ./none: no such model folder",
                "tokenizer: {tokens: {a: {source: ./none}}} | 2 | 5:34: the row of token 'a' is requested from './none', which is not part of the merge (expected one of ./base, ./chat, ./code)",
                "tokenizer: {tokens: {<u>: {source: ./base}}} | 2 | the row of token '<u>' is requested from './base', which lacks the token '<u>'",
                "tokenizer: {tokens: {a: {source: {kind: model_token, model: ./base, token: zz}}}} | 2 | which lacks the token 'zz'",
                "tokenizer: {tokens: {a: {source: {kind: model_token, model: ./base, token_id: 6}}}} | 2 | token id 6 is out of range for './base' (expected 0 to 5)",
                "tokenizer: {pad_to_multiple_of: 2000000000} | 2 | too many rows (expected at most 4194304, found 2000000000)",
                "chat_template: chatlm | 2 | unknown chat template 'chatlm' (did you mean 'chatml'?) (expected one of alpaca, auto, chatml, exaone, llama3, mistral, or a Jinja template)",
            })
    void whatCannotBeDoneIsRefusedWhilePlanning(String line, int code, String message)
            throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), RECIPE + line + "\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out");

        assertThat(result.err()).contains(message);
        assertThat(result.code()).isEqualTo(code);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aBaseVocabularyNeedsABaseModel() throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: ./base}]\ntokenizer: {source: base}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("recipe.yml:3:21: the tokenizer's source is 'base', but");
    }

    @Test
    void everyModelWithoutATokenizerIsNamed() throws IOException {
        Files.delete(folder.resolve("chat/tokenizer.json"));
        Files.writeString(folder.resolve("code/tokenizer.json"), "{");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE + "tokenizer: {source: base}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("./chat: no tokenizer that can be read")
                .contains("./code/tokenizer.json: not valid JSON");
    }

    @Test
    void theFolderOfTheTokenizerIsNotReplaced() throws IOException {
        TinyTokenizer.of(List.of("a")).write(folder.resolve("other"));
        Files.writeString(folder.resolve("other/mergekit_config.yml"), "of an earlier merge");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE + "tokenizer: {source: ./other}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "other", "--overwrite");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("the output folder is also an input");
    }

    @Test
    void noTemplateToChooseIsSaid() throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"), RECIPE + "tokenizer: {}\nchat_template: auto\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("no model has a chat template");
    }

    @Test
    void embeddingsThatTheTokenizerDoesNotExplainAreRefused() throws IOException {
        TinyModel.llama(1, 6, false, 1)
                .with("talker.model.embed_tokens.weight", List.of(2, 32), new float[64])
                .write(folder.resolve("code"), "BF16");
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: ./code}]\ntokenizer: {source: ./chat}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("'talker.model.embed_tokens.weight' has a different number of rows");
    }

    private String plan(String section) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), RECIPE + section);
        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out", "--dry-run");
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private static List<String> section(String plan) {
        return plan.lines()
                .dropWhile(l -> !l.startsWith("tokenizer"))
                .takeWhile(l -> !l.isEmpty())
                .map(String::strip)
                .toList();
    }
}
