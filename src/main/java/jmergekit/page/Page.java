package jmergekit.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A self-contained HTML page: it fetches nothing, and its only script and style are the program's
/// own. A [Content Security Policy](https://www.w3.org/TR/CSP3/) makes browsers refuse any others.
///
/// Text is shown verbatim. The page is also well-formed XML.
public final class Page {
    private final String title;
    private final List<PageSection> sections = new ArrayList<>();
    private final ObjectNode charts = JsonTree.MAPPER.createObjectNode();
    private Optional<JsonNode> data = Optional.empty();

    public Page(String title) {
        this.title = title;
    }

    /// Appends a section.
    public PageSection section(String heading) {
        PageSection section = new PageSection(this, "section-" + (sections.size() + 1), heading);
        sections.add(section);
        return section;
    }

    /// Stores the texts of a chart's points for the page's script.
    ///
    /// @return the chart's id
    String add(Chart chart, Canvas canvas) {
        String id = "chart-" + (charts.size() + 1);
        ObjectNode entry = charts.putObject(id);
        entry.put("title", chart.title());
        ArrayNode points = entry.putArray("points");
        for (Canvas.Point point : canvas.points()) {
            points.addArray()
                    .add(Math.round(point.x() * 10) / 10.0)
                    .add(Math.round(point.y() * 10) / 10.0)
                    .add(point.text());
        }
        chart.table().ifPresent(table -> table(entry, table));
        canvas.grid().ifPresent(grid -> entry.set("grid", JsonTree.MAPPER.valueToTree(grid)));
        return id;
    }

    private static void table(ObjectNode entry, Table table) {
        ArrayNode columns = entry.putArray("columns");
        table.columns().forEach(column -> columns.add(column.heading()));
        ArrayNode rows = entry.putArray("rows");
        for (Table.Row row : table.rows()) {
            ArrayNode cells = rows.addArray();
            row.cells().forEach(cell -> cells.add(cell.text()));
        }
    }

    /// Adds the page's data as JSON for programs, in a `script` element with the id `report-data`.
    public Page data(JsonNode tree) {
        data = Optional.of(tree);
        return this;
    }

    /// The file's text; in UTF-8.
    public String html() {
        String style = "/*<![CDATA[*/\n" + Style.ofPage() + "/*]]>*/";
        String script = "/*<![CDATA[*/\n" + Style.script() + "/*]]>*/";
        Element head =
                Element.of(
                        "head",
                        Element.of("meta").with("charset", "utf-8"),
                        Element.of("meta")
                                .with("http-equiv", "Content-Security-Policy")
                                .with("content", policy(style, script)),
                        Element.of("meta")
                                .with("name", "viewport")
                                .with("content", "width=device-width, initial-scale=1"),
                        Element.of("meta")
                                .with("name", "color-scheme")
                                .with("content", "light dark"),
                        Element.of("meta").with("name", "referrer").with("content", "no-referrer"),
                        Element.text("title", title),
                        Element.of("style", new Verbatim(style)));
        Element body =
                Element.of(
                        "body",
                        header(),
                        Element.of("main")
                                .and(sections.stream().map(PageSection::element).toList()),
                        json("data", JsonTree.MAPPER.createObjectNode().set("charts", charts)));
        if (data.isPresent()) {
            body = body.and(json("report-data", data.get()));
        }
        body = body.and(Element.of("script", new Verbatim(script)));
        return "<!DOCTYPE html>\n" + Markup.of(Element.of("html", head, body).with("lang", "en"));
    }

    private Element header() {
        List<Element> links = new ArrayList<>();
        for (PageSection section : sections) {
            Element link =
                    Element.text("a", section.heading()).with("href", "#" + section.identifier());
            links.add(Element.of("li", link));
        }
        Element theme =
                Element.text("button", "Dark or light")
                        .with("type", "button")
                        .with("id", "theme")
                        .with("hidden", "hidden");
        return Element.of(
                "header",
                Element.of("div", Element.text("h1", title), theme).with("class", "top"),
                Element.of("nav", Element.of("ul").and(links)).with("aria-label", "Sections"));
    }

    /// Escapes characters with a meaning in HTML or XML.
    private static Element json(String id, JsonNode tree) {
        String text =
                Markup.clean(JsonTree.MAPPER.writeValueAsString(tree))
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026");
        return Element.of("script", new Verbatim(text))
                .with("type", "application/json")
                .with("id", id);
    }

    private static String policy(String style, String script) {
        return "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
                .formatted(hash(style), hash(script));
    }

    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
