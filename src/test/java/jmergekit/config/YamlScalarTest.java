package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlScalarTest {
    private static YamlNode.Scalar read(String text) {
        Problems problems = new Problems();
        List<YamlNode> documents =
                YamlReader.documents(SourceText.of("r.yml", "a: [" + text + "]"), problems);
        assertThat(problems.all()).isEmpty();
        YamlNode list = ((YamlNode.Mapping) documents.getFirst()).byKey().get("a").value();
        return (YamlNode.Scalar) ((YamlNode.Sequence) list).items().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "1, 1.0",
        "-0.0, 0.0",
        "1e-5, 0.000010",
        "-0.00012, -0.00012",
        "1.5e-9, 1.5e-9",
        "2e300, 2.0e+300",
        "12345678, 12345678"
    })
    void numbersAreWrittenAsYaml11HasThem(double number, String text) {
        assertThat(YamlScalar.of(number)).isEqualTo(text);
    }

    @Test
    void numbersComeBack() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                String text = YamlScalar.of(number);
                // As YAML 1.1 has it: a point, and a sign in the exponent.
                assertThat(text).matches("-?[0-9]+(\\.[0-9]+(e[-+][0-9]+)?)?");
                assertThat(ScalarRules.number(read(text))).hasValue(number);
            }
        }
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        assertThatThrownBy(() -> YamlScalar.of(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ties", "./models/a", "/data/Llama-3.1_8B", "org/name@v1+lora", "ä"})
    void namesStayPlain(String text) {
        assertThat(YamlScalar.of(text)).isEqualTo(text);
        assertThat(read(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "no", "null", "~", "5", "0x1f", "1e5", ".inf", "a: b", "a #b", "a, b",
                        "[x]",
                "- a", "*a", "&a", "!x", "'", "\"", "\\", "a\nb", "\t", "😀", "\u0085", "\u2028",
                        "\uFEFF"
            })
    void anythingElseIsQuotedAndComesBack(String text) {
        String written = YamlScalar.of(text);

        assertThat(written).startsWith("\"").doesNotContain("\n");
        assertThat(read(written).text()).isEqualTo(text);
        assertThat(read(written).plain()).isFalse();
    }
}
