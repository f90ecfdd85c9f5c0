package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import jmergekit.compare.ModelDifference;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

class DiffPageTest {
    private static Document page(ModelDifference difference) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(DiffPage.html(difference))));
    }

    private static List<String> texts(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void thePageHasASectionForEverythingThatThereIs() throws Exception {
        Document page = page(SampleDifference.usual());

        assertThat(texts(page, "h1")).containsExactly("base and math, words");
        assertThat(texts(page, "h2"))
                .containsExactly(
                        "Summary",
                        "Pairwise comparison",
                        "Layers",
                        "Distributions",
                        "Tensors",
                        "Tokens",
                        "Configuration and tokenizer",
                        "Not compared",
                        "Meaning of the figures");
        assertThat(texts(page, "figcaption"))
                .contains(
                        "Cosine of models",
                        "Cosine of changes",
                        "Sign conflict",
                        "Change by layer",
                        "math: change",
                        "words: stable rank of the change",
                        "math and words: sign conflict",
                        "Relative changes of tensors",
                        "Sizes of element changes")
                .doesNotContain("math: stable rank of the change");
        assertThat(texts(page, "li"))
                .contains(
                        "Warning: 1 tensor could not be compared: lm_head.weight (only in some).");
        assertThat(texts(page, "caption"))
                .contains(
                        "words, model.embed_tokens.weight: 1 of 2 rows changed; the most changed "
                                + "ones",
                        "words, config.json: 1 difference");
    }

    @Test
    void whatThereIsNoneOfHasNoSection() throws Exception {
        assertThat(texts(page(SampleDifference.notFinite()), "h2"))
                .contains("Summary", "Tensors")
                .doesNotContain("Pairwise comparison", "Distributions", "Tokens");
    }

    @Test
    void thePageHoldsItsFiguresAsJson() throws Exception {
        JsonNode data = data(SampleDifference.usual());

        assertThat(data.at("/total/models/1/relative_change").asDouble()).isEqualTo(0.5);
        assertThat(data.get("tensors")).hasSize(3);
        assertThat(data(SampleDifference.large(4)).has("tensors")).isFalse();
    }

    private static JsonNode data(ModelDifference difference) throws Exception {
        NodeList scripts = page(difference).getElementsByTagName("script");
        for (int i = 0; i < scripts.getLength(); i++) {
            Element script = (Element) scripts.item(i);
            if (script.getAttribute("id").equals("report-data")) {
                return JsonTree.read(script.getTextContent().getBytes(StandardCharsets.UTF_8));
            }
        }
        throw new AssertionError("no data");
    }

    @Test
    void longNamesAreShortened() {
        String html = DiffPage.html(SampleDifference.hostile("x".repeat(10_000)));

        assertThat(
                        html.substring(
                                html.indexOf("<body>"), html.indexOf("type=\"application/json\"")))
                .doesNotContain("x".repeat(501));
    }
}
