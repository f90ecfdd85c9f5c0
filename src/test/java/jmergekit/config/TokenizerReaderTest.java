package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import jmergekit.model.ModelReference;
import org.junit.jupiter.api.Test;

final class TokenizerReaderTest {
    private static final String MODELS = "merge_method: linear\nmodels: [{model: a}]\n";

    private static TokenizerConfig read(String text) {
        return Recipes.read(MODELS + text).tokenizer().orElseThrow();
    }

    private static List<String> reports(String text) {
        return Recipes.reports(MODELS + text);
    }

    private static List<String> sourceReports(String source) {
        return reports("tokenizer:\n  tokens:\n    the: {source: " + source + "}\n");
    }

    @Test
    void theVocabularyIsTheUnionTheBasesOrAModels() {
        assertThat(read("tokenizer: {source: union}").source().value())
                .isEqualTo(new VocabularySource.Union());
        assertThat(read("tokenizer: {source: base}").source().value())
                .isEqualTo(new VocabularySource.Base());
        assertThat(read("tokenizer: {source: ./b@r}").source().value())
                .isEqualTo(
                        new VocabularySource.OfModel(ModelReference.parse("./b@r", path -> false)));
    }

    @Test
    void anEmptySectionMeansTheUnion() {
        TokenizerConfig tokenizer = read("tokenizer: {}");
        assertThat(tokenizer.source().value()).isEqualTo(new VocabularySource.Union());
        assertThat(tokenizer.tokens()).isEmpty();
        assertThat(tokenizer.padToMultipleOf()).isEmpty();
    }

    @Test
    void theOlderKeyIsASectionWithThatSource() {
        TokenizerConfig tokenizer = read("tokenizer_source: base");
        assertThat(tokenizer.source().value()).isEqualTo(new VocabularySource.Base());
        assertThat(tokenizer.tokens()).isEmpty();
        assertThat(tokenizer.at()).hasToString("r.yml:3:19");
        assertThat(read("tokenizer_source: ../m").source().value())
                .isEqualTo(new VocabularySource.OfModel(ModelReference.of("../m")));
    }

    @Test
    void tokensAndPadding() {
        TokenizerConfig tokenizer =
                read(
                        """
                        tokenizer:
                          source: base
                          pad_to_multiple_of: 32
                          tokens:
                            <|im_start|>:
                              source: {kind: model_token, model: b, token: <|end|>}
                              force: true
                            <|im_end|>:
                              source: {kind: model_token, model: b, token_id: 7}
                            Ġthe: {source: b, force: "yes"}
                            <|blank|>: {source: {kind: zero}}
                            plain: {}
                            r: {source: {model: {path: b+c}}}
                        """);
        ModelReference b = ModelReference.of("b");
        assertThat(tokenizer.padToMultipleOf().orElseThrow().value()).isEqualTo(32);
        Map<String, TokenRule> rules = tokenizer.tokens();
        assertThat(rules.keySet())
                .containsExactly("<|im_start|>", "<|im_end|>", "Ġthe", "<|blank|>", "plain", "r");
        assertThat(rules.values())
                .extracting(rule -> rule.source().map(Located::value).orElse(null))
                .containsExactly(
                        new TokenSource.NamedToken(b, "<|end|>"),
                        new TokenSource.TokenId(b, 7),
                        new TokenSource.SameToken(b),
                        new TokenSource.Zero(),
                        null,
                        new TokenSource.SameToken(ModelReference.of("b+c")));
        assertThat(rules.values())
                .extracting(TokenRule::force)
                .containsExactly(true, false, true, false, false, false);
        assertThat(rules.get("Ġthe").source().orElseThrow().at()).hasToString("r.yml:12:20");
    }

    @Test
    void bothKeysAreRefused() {
        assertThat(reports("tokenizer_source: union\ntokenizer: {source: union}\n"))
                .containsExactly(
                        "r.yml:3:1: both 'tokenizer' and 'tokenizer_source' are given; keep "
                                + "'tokenizer' and set its 'source'");
    }

    @Test
    void aSectionOfTheWrongForm() {
        assertThat(reports("tokenizer: union\n"))
                .containsExactly(
                        "r.yml:3:12: 'tokenizer' has the wrong form (expected a mapping, found"
                                + " 'union'); write 'tokenizer: {source: ...}'");
        assertThat(reports("tokenizer: [union]\n"))
                .containsExactly(
                        "r.yml:3:12: 'tokenizer' has the wrong form (expected a mapping, found a"
                                + " list of 1)");
        assertThat(reports("tokenizer: {source: [a]}\n"))
                .containsExactly(
                        "r.yml:3:21: 'source' has the wrong form (expected a model's path, or a"
                                + " mapping, found a list of 1)");
        assertThat(reports("tokenizer: {sources: base}\n"))
                .containsExactly(
                        "r.yml:3:13: unknown key 'sources' under 'tokenizer' (did you"
                                + " mean 'source'?)");
    }

    @Test
    void paddingMustBeAWholeNumberAboveZero() {
        for (String number : List.of("0", "-8", "1.5", "many")) {
            assertThat(reports("tokenizer: {pad_to_multiple_of: " + number + "}\n"))
                    .containsExactly(
                            "r.yml:3:33: 'pad_to_multiple_of' has the wrong form (expected a whole"
                                    + " number above 0, found '"
                                    + number
                                    + "')");
        }
    }

    @Test
    void tokensOfTheWrongForm() {
        assertThat(reports("tokenizer: {tokens: [the]}\n"))
                .containsExactly(
                        "r.yml:3:21: 'tokens' has the wrong form (expected a mapping of tokens,"
                                + " found a list of 1)");
        assertThat(reports("tokenizer: {tokens: {the: base}}\n"))
                .containsExactly(
                        "r.yml:3:27: token 'the' has the wrong form (expected a mapping, found"
                                + " 'base')");
        assertThat(reports("tokenizer: {tokens: {the: {source: a, force: maybe}}}\n"))
                .containsExactly(
                        "r.yml:3:46: 'force' has the wrong form (expected true or false, found"
                                + " 'maybe')");
    }

    @Test
    void tokenSourcesOfTheWrongForm() {
        assertThat(sourceReports("{kind: model_token, model: a, token_id: 5, token: b}"))
                .containsExactly(
                        "r.yml:5:19: the source of token 'the' does not name a single token "
                                + "(expected exactly one of the keys 'token' and 'token_id', "
                                + "found both)");
        assertThat(sourceReports("{kind: model_token, model: a}"))
                .containsExactly(
                        "r.yml:5:19: the source of token 'the' does not name a single token "
                                + "(expected exactly one of the keys 'token' and 'token_id', "
                                + "found neither)");
        assertThat(sourceReports("{kind: model_token, token: a}"))
                .containsExactly("r.yml:5:19: no 'model' in the source of token 'the'");
        assertThat(sourceReports("{model: a, token: b}"))
                .containsExactly("r.yml:5:19: no 'kind' in the source of token 'the'");
        assertThat(sourceReports("{kind: zeros}"))
                .containsExactly(
                        "r.yml:5:26: the source of token 'the' is of an unknown kind (did you"
                                + " mean 'zero'?) (expected 'zero' or 'model_token', found 'zeros')");
        assertThat(sourceReports("{kind: model_token, model: a, token_id: -1}"))
                .containsExactly(
                        "r.yml:5:59: 'token_id' has the wrong form (expected a whole number, 0 "
                                + "or more, found '-1')");
    }

    @Test
    void aMisspeltSourceIsNoModel() {
        assertThat(reports("tokenizer_source: uniom\n"))
                .containsExactly(
                        "r.yml:3:19: unknown tokenizer_source 'uniom' (did you mean 'union'?) "
                                + "(expected 'union', 'base' or a model); for a folder of this "
                                + "name, write './uniom'");
        assertThat(reports("tokenizer: {source: Base}\n").getFirst())
                .contains("unknown source 'Base' (did you mean 'base'?)");
        assertThat(read("tokenizer_source: ./uniom").source().value())
                .isEqualTo(new VocabularySource.OfModel(ModelReference.of("./uniom")));
        assertThat(read("tokenizer_source: gpt2").source().value())
                .isEqualTo(new VocabularySource.OfModel(ModelReference.of("gpt2")));
    }
}
