package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.compare.ModelDifference;
import jmergekit.page.Fact;
import jmergekit.page.Numbers;
import jmergekit.page.Page;
import jmergekit.page.PageSection;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Checks as a page.
public final class CheckPage {
    private final Page page;
    private final Check check;
    private final ModelNames names;
    private final String prefix;

    private CheckPage(Page page, Check check, String prefix) {
        this.page = page;
        this.check = check;
        this.names = new ModelNames(check.plan().models());
        this.prefix = prefix;
    }

    /// The page, as the text of an HTML file in UTF-8.
    ///
    /// @param title the title of the page
    /// @param checks one for each output
    public static String html(String title, List<Check> checks) {
        Page page = new Page(title);
        for (Check check : checks) {
            new CheckPage(page, check, checks.size() == 1 ? "" : check.title() + ": ").add();
        }
        checks.stream()
                .map(Check::recipe)
                .distinct()
                .forEach(recipe -> page.section("Recipe").code(recipe));
        return page.html();
    }

    private PageSection section(String heading) {
        return page.section(prefix + heading);
    }

    private void add() {
        outcome();
        models();
        new ParameterCharts(names.of(PlanParameters.of(check.plan()))).addTo(section("Parameters"));
        if (!check.preview().isEmpty()) {
            PageSection section = section("Interference");
            for (ModelDifference models : check.preview()) {
                PreviewSection.add(names.of(models), section);
            }
        }
        settings();
    }

    private void outcome() {
        PageSection section = section("Result");
        section.lead("The recipe can run: " + check.made() + ".");
        section.tiles(facts());
        check.seconds()
                .ifPresent(s -> section.paragraph("Time: " + CheckText.time(check, s) + "."));
        check.unknown().forEach(reason -> section.paragraph("Unknown: " + reason + "."));
        if (!check.warnings().isEmpty()) {
            section.table(warnings());
        }
    }

    private List<Fact> facts() {
        Needs needs = check.needs();
        List<Fact> facts = new ArrayList<>();
        facts.add(
                Fact.of(
                        "Time",
                        check.seconds().isPresent()
                                ? "about " + CheckText.duration(check.seconds().getAsDouble())
                                : "unknown",
                        check.time().isPresent() ? "an estimate from a sample" : ""));
        facts.add(
                new Fact(
                        "Disk",
                        ByteSize.text(needs.disk()),
                        CheckText.free(needs) + " free at " + needs.place(),
                        needs.disk() > needs.free()));
        facts.add(
                new Fact(
                        "Memory",
                        ByteSize.text(needs.memory()),
                        "excluding the page cache; the heap limit is "
                                + ByteSize.text(needs.heap()),
                        needs.memory() > needs.heap()));
        facts.add(Fact.of("Reads", ByteSize.text(needs.read()), ""));
        if (needs.downloads() > 0) {
            facts.add(
                    Fact.of(
                            "Downloads",
                            ByteSize.text(needs.download()),
                            Numbers.text(needs.downloads()) + " file(s)"));
        }
        facts.add(Fact.of("Threads", Numbers.text(needs.threads()), ""));
        int warnings = check.warnings().size();
        facts.add(new Fact("Warnings", Numbers.text(warnings), "", warnings > 0));
        return facts;
    }

    private Table warnings() {
        List<Row> rows = new ArrayList<>();
        for (Problem problem : check.warnings()) {
            String hint = problem.hint();
            rows.add(Row.of(problem.where(), what(problem), hint == null ? "–" : hint));
        }
        return new Table(
                "Warnings",
                List.of(Column.text("Where"), Column.text("What"), Column.text("Remedy")),
                rows);
    }

    private static String what(Problem problem) {
        String compared =
                Stream.of(part("expected ", problem.expected()), part("found ", problem.found()))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(", "));
        return problem.what() + (compared.isEmpty() ? "" : " (" + compared + ")");
    }

    private static String part(String word, @Nullable String text) {
        return text == null ? "" : word + text;
    }

    private void models() {
        PageSection section = section("Models and tensors");
        List<Row> models = new ArrayList<>();
        for (ModelShare model : check.models()) {
            models.add(row(model.name(), model.tensors(), model.elements(), model.bytes()));
        }
        section.table(new Table("Tensors read", columns("Model"), models));
        List<Row> kinds = new ArrayList<>();
        for (TaskKind kind : TaskKind.of(check.plan())) {
            kinds.add(row(kind.how(), kind.tensors(), kind.elements(), kind.bytes()));
        }
        section.table(new Table("Tensors made", columns("How"), kinds));
    }

    private static List<Column> columns(String first) {
        return List.of(
                Column.text(first),
                Column.number("Tensors"),
                Column.number("Parameters"),
                Column.number("Size"));
    }

    private static Row row(String name, int tensors, long elements, long bytes) {
        return Row.of(name, Numbers.text(tensors), CheckText.count(elements), ByteSize.text(bytes));
    }

    private void settings() {
        PageSection section = section("Plan");
        section.paragraph("Hash: " + check.plan().hash());
        List<String> lines = new ArrayList<>(check.plan().listing().head());
        lines.addAll(check.plan().listing().settings());
        section.code(String.join("\n", lines));
    }
}
