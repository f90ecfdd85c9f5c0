package jmergekit.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.page.Numbers;
import jmergekit.page.Page;
import jmergekit.page.PageSection;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;

/// The report of a search as a page.
public final class SearchPage {
    private static final int FAILURES = 20;

    /// Limit for a failure's reason, which may contain the end of a log.
    private static final int REASON = 2_000;

    private SearchPage() {}

    /// The page as HTML in UTF-8. Everything in the summary except the space may be empty.
    public static String html(SearchSummary summary) {
        Results results = new Results(summary);
        Page page = new Page(summary.title());
        verdict(page.section("Result"), summary, results);
        comparison(page.section("Models"), results);
        PageSection course = page.section("Course of the search");
        if (results.candidates().isEmpty()) {
            course.paragraph("No candidate was evaluated.");
        } else {
            course.chart(CourseCharts.objective(results));
        }
        parameters(page, results);
        if (!results.front().isEmpty()) {
            FrontCharts.add(page.section("Pareto front"), results);
        }
        best(page, results);
        summary.recipe().ifPresent(recipe -> page.section("Recipe").code(recipe));
        failures(page, results);
        settings(page, summary);
        return page.html();
    }

    private static void verdict(PageSection section, SearchSummary summary, Results results) {
        List<String> sentences = summary.verdict();
        if (sentences.isEmpty()) {
            section.lead("There is no verdict.");
        } else {
            section.lead(sentences.getFirst());
            sentences.stream().skip(1).forEach(section::paragraph);
        }
        section.paragraph("Objective: " + summary.objective());
        section.paragraph(counts(results));
    }

    private static String counts(Results results) {
        List<Evaluation> all = results.candidates();
        long failed = all.stream().filter(e -> !Results.hasObjective(e)).count();
        long same = all.stream().filter(e -> e.sameAs().isPresent()).count();
        StringBuilder text = new StringBuilder("Candidates: ").append(Numbers.text(all.size()));
        if (failed > 0) {
            text.append(", without a score: ").append(Numbers.text(failed));
        }
        if (same > 0) {
            text.append(", same model as an earlier one: ").append(Numbers.text(same));
        }
        int variables = results.summary().space().variables().size();
        return text.append(". Variables: ").append(Numbers.text(variables)).append('.').toString();
    }

    private static void comparison(PageSection section, Results results) {
        ModelTables tables = new ModelTables(results);
        if (tables.isEmpty()) {
            section.paragraph("No model has a score.");
            return;
        }
        tables.heldOut().ifPresent(section::table);
        section.table(tables.search());
        section.paragraph(
                "Values after ± are standard errors, if known; the best value of each column is bold.");
        tables.chartsNote().ifPresent(section::paragraph);
        section.charts(false, tables.charts());
    }

    private static void parameters(Page page, Results results) {
        if (results.candidates().stream().noneMatch(results::hasPoint)) {
            return;
        }
        ParameterCharts charts = new ParameterCharts(results);
        PageSection section = page.section("Variables");
        charts.note().ifPresent(section::paragraph);
        section.paragraph(charts.key());
        section.charts(true, charts.overTime());
        charts.parallel().ifPresent(section::chart);
        section.folded(charts.table());
    }

    private static void best(Page page, Results results) {
        if (results.ranked().isEmpty()) {
            return;
        }
        page.section("Best candidates").table(new ModelTables(results).best());
    }

    private static void failures(Page page, Results results) {
        List<Evaluation> failed =
                results.summary().evaluations().stream()
                        .filter(e -> e.failure().isPresent())
                        .toList();
        if (failed.isEmpty()) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        for (Evaluation evaluation : failed.subList(0, Math.min(FAILURES, failed.size()))) {
            String reason = evaluation.failure().orElseThrow();
            String end =
                    reason.length() > REASON
                            ? "…" + reason.substring(reason.length() - REASON)
                            : reason;
            rows.add(Row.of(Results.name(evaluation), end));
        }
        PageSection section = page.section("Failures");
        section.paragraph(
                "%s failed; the first %s are listed."
                        .formatted(Numbers.text(failed.size()), Numbers.text(rows.size())));
        section.table(
                new Table(
                        "Failed models and reasons",
                        List.of(Column.text("Model"), Column.text("Reason")),
                        rows));
    }

    private static void settings(Page page, SearchSummary summary) {
        if (summary.settings().isEmpty()) {
            return;
        }
        List<Row> rows =
                summary.settings().entrySet().stream()
                        .map((Map.Entry<String, String> e) -> Row.of(e.getKey(), e.getValue()))
                        .toList();
        page.section("Settings")
                .table(
                        new Table(
                                "Settings of the search",
                                List.of(Column.text("Setting"), Column.text("Value")),
                                rows));
    }
}
