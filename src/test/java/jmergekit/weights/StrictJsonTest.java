package jmergekit.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

class StrictJsonTest {
    private static final String OF_THE_PARSER =
            "(?s).*(\\[Source|`|Feature|Constraints|JsonToken|REDACTED|UNKNOWN|jackson|for root).*";

    private static String ofTree(String json) {
        try {
            JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
            return "";
        } catch (JacksonException e) {
            return StrictJson.reason(e);
        }
    }

    private static String ofHeader(String json) {
        try (JsonParser parser =
                StrictJson.parser(
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
            while (parser.nextToken() != null) {
                // To the end.
            }
            return "";
        } catch (JacksonException e) {
            return StrictJson.reason(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[",
                "{\"a\"",
                "{\"a\":",
                "{\"a\": 1",
                "{\"a\": [1,",
                "{\"a\": \"x",
                "{\"a\": tru",
                "{\"a\": truth}",
                "{\"a\": +1}",
                "{\"a\": 01}",
                "{\"a\": .5}",
                "{\"a\": 1.}",
                "{\"a\": -}",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"\n\"}",
                "{\"a\": \u0000}",
                "{\"a\": 'x'}",
                "{a: 1}",
                "{\"a\": 1,}",
                "// x\n{}",
                "# x\n{}",
                "{\"a\": 1, \"a\": 2}",
                "{]",
                "}"
            })
    void messagesHaveNoWordsOfTheParser(String json) {
        assertThat(ofTree(json)).startsWith("not valid JSON").doesNotMatch(OF_THE_PARSER);
        assertThat(ofHeader(json)).startsWith("not valid JSON").doesNotMatch(OF_THE_PARSER);
    }

    @Test
    void limitsAreNumbersAlone() {
        String deep = "[".repeat(200);
        String name = "{\"" + "n".repeat(100_000) + "\": 1}";

        for (String json : new String[] {deep, name, "1".repeat(2_000)}) {
            assertThat(ofTree(json)).isNotEmpty().doesNotMatch(OF_THE_PARSER);
            assertThat(ofHeader(json)).isNotEmpty().doesNotMatch(OF_THE_PARSER);
        }
        assertThat(ofTree(deep)).contains("100");
    }

    @ParameterizedTest
    @CsvSource({
        "{, at character 1: it ends inside an Object",
        "{} {}, it has content after its JSON value",
        "'', it is empty",
    })
    void theReasonSaysWhatIsWrong(String json, String reason) {
        assertThat(ofTree(json)).contains(reason);
    }

    @Test
    void headersHaveNoNaN() {
        assertThat(ofHeader("{\"a\": NaN}"))
                .contains("'NaN' is not a value")
                .doesNotMatch(OF_THE_PARSER);
        assertThat(ofTree("{\"a\": NaN}")).isEmpty();
    }
}
