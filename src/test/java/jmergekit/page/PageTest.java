package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

class PageTest {
    private static final String HOSTILE =
            "</script></style><script>alert(1)</script><!-- ]]> ' \" & \u0000 \u001b \u202e";

    private static final String SHOWN =
            "</script></style><script>alert(1)</script><!-- ]]> ' \" & \uFFFD \uFFFD \uFFFD";

    private static String hostilePage() {
        Page page = new Page(HOSTILE);
        Series series = new Series(HOSTILE, Series.Style.DOTS, 0, List.of(Mark.of(1, 1, HOSTILE)));
        Axis axis = new Axis(HOSTILE, Scale.of(0, 2));
        page.section(HOSTILE)
                .lead(HOSTILE)
                .paragraph(HOSTILE)
                .table(
                        new Table(
                                HOSTILE,
                                List.of(Table.Column.text(HOSTILE)),
                                List.of(Table.Row.of(HOSTILE))))
                .chart(
                        new Plot(
                                HOSTILE,
                                HOSTILE,
                                Plot.Size.WIDE,
                                axis,
                                axis,
                                List.of(series, series),
                                List.of(new Plot.Level(HOSTILE, 1, 0))))
                .code(HOSTILE)
                .tiles(List.of(new Fact(HOSTILE, HOSTILE, HOSTILE, true)))
                .list(List.of(Fact.of(HOSTILE, HOSTILE, HOSTILE)))
                .points(List.of(HOSTILE))
                .searchable(table(HOSTILE, 3), 2, HOSTILE)
                .choice(HOSTILE, List.of(Choice.of(heat(), HOSTILE)));
        page.data(JsonTree.MAPPER.createObjectNode().put(HOSTILE, HOSTILE));
        return page.html();
    }

    private static Table table(String text, int rows) {
        return new Table(
                text,
                List.of(Table.Column.text(text)),
                Collections.nCopies(rows, Table.Row.of(text)));
    }

    private static HeatMap heat() {
        List<String> name = List.of(HOSTILE);
        return new HeatMap(HOSTILE, HOSTILE, name, name, List.of(new double[] {1}))
                .across(HOSTILE)
                .coloured(ColourScale.sequential(Scale.of(0, 1), HOSTILE));
    }

    private static Document parsed(String html) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    private static String text(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        assertThat(found.getLength()).isPositive();
        return found.item(0).getTextContent();
    }

    @Test
    void aPageIsWellFormedWhateverIsInIt() throws Exception {
        Document page = parsed(hostilePage());

        assertThat(text(page, "h1")).isEqualTo(SHOWN);
        assertThat(text(page, "title")).isEqualTo(SHOWN);
        assertThat(text(page, "pre")).isEqualTo(SHOWN);
        assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(3);
    }

    @Test
    void theDataAreJsonWithoutMarkup() throws Exception {
        JsonNode chart = json("data").at("/charts/chart-1");
        assertThat(chart.get("title").asString()).startsWith("</script></style><script>alert(1)");
        assertThat(chart.at("/points/1/2").asString()).endsWith("' \" & \u0000 \u001b \uFFFD");
    }

    @Test
    void dataForProgramsAreJsonToo() throws Exception {
        JsonNode data = json("report-data");

        assertThat(data.propertyNames()).singleElement().asString().startsWith("</script>");
        assertThat(json("data").at("/charts/chart-2/rows/0/1").asString()).isEqualTo("1");
        assertThat(json("data").at("/charts/chart-2/grid/down").asDouble()).isEqualTo(22);
    }

    @Test
    void aPageHoldsTheFirstRowsOfALongTableAndSaysSo() {
        Page page = new Page("a");
        page.section("b").searchable(table("c", 3), 2, "the others are elsewhere");

        assertThat(page.html())
                .contains("The first 2 of 3 rows; the others are elsewhere.")
                .containsOnlyOnce("type=\"search\"");
        assertThat(page.html().split("<th scope=\"row\"")).hasSize(3);
    }

    @Test
    void figuresToChooseFromAreAllThere() {
        Page page = new Page("a");
        Choice one = Choice.of(heat(), "one");
        page.section("b").choice("Figure", List.of(one, new Choice("two", "", List.of(heat()))));
        String html = page.html();

        assertThat(html).contains("<option value=\"1\">two</option>", "<p>one</p>");
        assertThat(html.split("role=\"img\"")).hasSize(3);
        assertThat(html).doesNotContain("class=\"away\"");
    }

    @Test
    void onlyThePagesOwnScriptAndStyleMayRun() throws Exception {
        Document page = parsed(new Page("a").html());
        var meta = (Element) page.getElementsByTagName("meta").item(1);
        String policy = meta.getAttribute("content");

        assertThat(policy).startsWith("default-src 'none'; ").doesNotContain("unsafe");
        String html = new Page("a").html();
        assertThat(policy)
                .contains("style-src 'sha256-" + hash(between(html, "<style>", "</style>")));
        assertThat(policy)
                .contains("script-src 'sha256-" + hash(between(html, "<script>", "</script>")));
    }

    @Test
    void nothingIsFetched() {
        assertThat(hostilePage())
                .doesNotContain("src=")
                .doesNotContain("<link")
                .doesNotContain("@import")
                .doesNotContain("url(")
                .doesNotContain("href=\"http");
    }

    @Test
    void chartsSayWhatTheyShow() throws Exception {
        Document page = parsed(hostilePage());
        var svg = (Element) page.getElementsByTagName("svg").item(2);

        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(svg.getAttribute("aria-labelledby")).isEqualTo("chart-1-title chart-1-text");
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isEqualTo(SHOWN);
    }

    private static JsonNode json(String id) {
        String html = hostilePage();
        String json = between(html, "type=\"application/json\" id=\"" + id + "\">", "</script>");
        assertThat(json).doesNotContain("<").doesNotContain(">").doesNotContain("&");
        return JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String text) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest) + "'";
    }
}
