package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {
    @Test
    void textIsEscaped() {
        assertThat(Markup.of(new Text("<script>alert('1' & \"2\")</script>")))
                .isEqualTo("&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
    }

    @Test
    void valuesOfAttributesAreEscaped() {
        Element element = Element.text("b", "x").with("title", "\"><img>");

        assertThat(Markup.of(element)).isEqualTo("<b title=\"&quot;&gt;&lt;img&gt;\">x</b>");
    }

    @Test
    void elementsAreInEachOther() {
        Element element = Element.of("ul", Element.text("li", "a")).and(Element.text("li", "b"));

        assertThat(Markup.of(element)).isEqualTo("<ul><li>a</li>\n<li>b</li>\n</ul>\n");
    }

    @Test
    void voidElementsEndThemselves() {
        assertThat(Markup.of(Element.of("br"))).isEqualTo("<br/>");
        assertThatIllegalArgumentException().isThrownBy(() -> Markup.of(Element.text("br", "x")));
    }

    @Test
    void anAttributeHasItsLastValue() {
        Element element = Element.of("i").with("x", 1.25).with("x", 2);

        assertThat(Markup.of(element)).isEqualTo("<i x=\"2\"></i>");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 8, 0x0B, 0x0D, 0x1B, 0x7F, 0x9F, 0xD800, 0xDFFF, 0xFFFE, 0xFDD0, 0x202E, 0x2066
            })
    void charactersThatNoPageMayHoldAreReplaced(int character) {
        String text = "a" + Character.toString(character) + "b";

        assertThat(Markup.of(new Text(text))).isEqualTo("a\uFFFDb");
    }

    @Test
    void otherCharactersStay() {
        String text = "a\tb\nc é 漢 😀";

        assertThat(Markup.of(new Text(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "onclick, x",
        "ONLOAD, x",
        "style, x",
        "srcdoc, x",
        "href, javascript:x",
        "src, //a.b/c",
        "href, https://a.b",
        "'a b', x",
        "a=b, x"
    })
    void attributesThatRunOrFetchAreRefused(String attribute, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Element.of("a").with(attribute, value));
    }

    @Test
    void linksWithinThePageAreAllowed() {
        assertThat(Markup.of(Element.of("a").with("href", "#b"))).contains("href=\"#b\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"</script>", "a</STYLE", "<!-- a"})
    void nothingVerbatimEndsItsElement(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Verbatim(text));
    }
}
