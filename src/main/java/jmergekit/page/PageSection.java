package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// A section of a page with a heading. Content is appended.
public final class PageSection {
    private final Page page;
    private final String identifier;
    private final String heading;
    private final List<Element> contents = new ArrayList<>();

    PageSection(Page page, String identifier, String heading) {
        this.page = page;
        this.identifier = identifier;
        this.heading = heading;
    }

    /// A paragraph of text.
    public PageSection paragraph(String text) {
        return add(Element.text("p", text));
    }

    /// An emphasised paragraph.
    public PageSection lead(String text) {
        return add(Element.text("p", text).with("class", "lead"));
    }

    /// Rows of text and numbers.
    public PageSection table(Table table) {
        return add(table.element());
    }

    /// Rows shown on demand.
    public PageSection folded(Table table) {
        return add(
                Element.of("details", Element.text("summary", table.caption()), table.element()));
    }

    /// The first rows of a table, which readers can filter and sort.
    ///
    /// @param most the maximum number of rows on the page
    /// @param rest where to find the others, such as `use --csv for all of them`
    public PageSection searchable(Table table, int most, String rest) {
        int all = table.rows().size();
        Table shown = new Table(table.caption(), table.columns(), table.first(most));
        String id = identifier + "-filter-" + (contents.size() + 1);
        Element label = Element.text("label", "Filter").with("for", id);
        Element input = Element.of("input").with("type", "search").with("id", id);
        Element count = Element.of("span").with("role", "status").with("class", "count");
        Element bar =
                Element.of("p", label, input, count)
                        .with("class", "controls")
                        .with("hidden", "hidden");
        add(Element.of("div", bar, shown.element()).with("class", "finder"));
        if (all > most) {
            String note = "The first %s of %s rows; %s.";
            add(note(note.formatted(Numbers.text(most), Numbers.text(all), rest)));
        }
        return this;
    }

    /// Key figures, large and side by side.
    public PageSection tiles(List<Fact> facts) {
        return add(facts(facts).with("class", "tiles"));
    }

    /// Key figures or settings in a list.
    public PageSection list(List<Fact> facts) {
        return add(facts(facts).with("class", "facts"));
    }

    private static Element facts(List<Fact> facts) {
        List<Element> entries = new ArrayList<>();
        for (Fact fact : facts) {
            Element value = Element.text("dd", fact.value()).with("class", "value");
            Element entry = Element.of("div", Element.text("dt", fact.name()), value);
            if (!fact.note().isEmpty()) {
                entry = entry.and(Element.text("dd", fact.note()));
            }
            entries.add(fact.warns() ? entry.with("class", "warns") : entry);
        }
        return Element.of("dl").and(entries);
    }

    /// A list of sentences.
    public PageSection points(List<String> sentences) {
        return add(
                Element.of("ul")
                        .and(sentences.stream().map(s -> Element.text("li", s)).toList())
                        .with("class", "points"));
    }

    /// Charts of which a reader sees one at a time; in print, all of them.
    ///
    /// @param label what is chosen, such as `Figure`
    public PageSection choice(String label, List<Choice> choices) {
        String id = identifier + "-choice-" + (contents.size() + 1);
        List<Element> names = new ArrayList<>();
        List<Element> options = new ArrayList<>();
        for (Choice choice : choices) {
            String value = String.valueOf(names.size());
            names.add(Element.text("option", choice.name()).with("value", value));
            Element option = Element.of("div").with("class", "option");
            if (!choice.note().isEmpty()) {
                option = option.and(Element.text("p", choice.note()));
            }
            options.add(
                    option.and(
                            choice.charts().stream()
                                    .map(chart -> figure(chart, true).with("class", "wide"))
                                    .toList()));
        }
        Element chooser =
                Element.of(
                                "p",
                                Element.text("label", label).with("for", id),
                                Element.of("select").with("id", id).and(names))
                        .with("class", "controls")
                        .with("hidden", "hidden");
        return add(Element.of("div", chooser).and(options).with("class", "choice"));
    }

    /// A chart across the page.
    public PageSection chart(Chart chart) {
        return add(figure(chart, true).with("class", "wide"));
    }

    /// Charts side by side, as many as fit, with one legend if they share it.
    ///
    /// @param small whether the charts are small
    public PageSection charts(boolean small, List<? extends Chart> charts) {
        boolean alike = charts.stream().map(Chart::legend).distinct().count() == 1;
        if (alike) {
            contents.addAll(Legend.of(charts.getFirst()));
        }
        Element grid = Element.of("div").with("class", small ? "grid small" : "grid");
        return add(grid.and(charts.stream().map(chart -> figure(chart, !alike)).toList()));
    }

    /// Text that can be copied.
    public PageSection code(String text) {
        Element button =
                Element.text("button", "Copy")
                        .with("type", "button")
                        .with("class", "copy")
                        .with("hidden", "hidden");
        Element pre = Element.text("pre", text).with("tabindex", "0").with("aria-label", heading);
        return add(Element.of("div", button, pre).with("class", "code"));
    }

    String heading() {
        return heading;
    }

    String identifier() {
        return identifier;
    }

    Element element() {
        return Element.of("section", Element.text("h2", heading))
                .and(contents)
                .with("id", identifier);
    }

    private PageSection add(Element element) {
        contents.add(element);
        return this;
    }

    private static Element note(String text) {
        return Element.text("p", text).with("class", "note");
    }

    private Element figure(Chart chart, boolean explained) {
        Canvas canvas = chart.drawing();
        return Figure.of(chart, canvas, page.add(chart, canvas), explained);
    }
}
