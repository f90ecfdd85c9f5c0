package jmergekit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.page.Fact;
import jmergekit.page.Numbers;
import jmergekit.page.Page;
import jmergekit.page.PageSection;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;
import jmergekit.problem.ByteSize;

/// A report as a page.
final class ReportPage {
    private static final int MOST_SETS = 8;
    private static final int MOST_ROWS = 100;

    private final MergeReport report;
    private final ModelNames names;
    private final Page page;

    private ReportPage(MergeReport report) {
        this.report = report;
        this.names = new ModelNames(report.plan().models());
        this.page = new Page("Report of " + report.title());
    }

    /// The page, as the text of an HTML file in UTF-8.
    static String html(MergeReport report) {
        ReportPage text = new ReportPage(report);
        text.outcome();
        text.parents();
        text.numbers();
        text.made();
        new ParameterCharts(text.names.of(PlanParameters.of(report.plan())))
                .addTo(text.page.section("Parameters"));
        text.times();
        report.recipe().ifPresent(recipe -> text.page.section("Recipe").code(recipe));
        return text.page.html();
    }

    private long count(boolean merged) {
        return TaskKind.of(report.plan()).stream()
                .filter(k -> k.isMerged() == merged)
                .mapToLong(TaskKind::tensors)
                .sum();
    }

    private void outcome() {
        PageSection section = page.section("Result");
        long grown = introduced();
        List<Fact> facts = new ArrayList<>();
        facts.add(Fact.of("Size", ByteSize.text(report.plan().outputBytes()), ""));
        facts.add(Fact.of("Tensors merged", Numbers.text(count(true)), ""));
        facts.add(Fact.of("Tensors copied or computed", Numbers.text(count(false)), ""));
        facts.add(
                new Fact(
                        "NaN and infinite values introduced",
                        Numbers.text(grown),
                        grown > 0 ? "more than in the inputs" : "",
                        grown > 0));
        worst().ifPresent(e ->
                facts.add(
                        Fact.of(
                                "Largest rounding error",
                                Numbers.significant(e.relative()),
                                "of a tensor in " + e.dtype())));
        section.tiles(facts);
        section.paragraph("Plan: " + report.plan().hash());
        if (!report.notes().isEmpty()) {
            section.points(report.notes());
        }
    }

    private long introduced() {
        return report.found().nonFinite().stream()
                .mapToLong(t ->
                        Math.max(
                                0,
                                t.count()
                                        - t.inputs().stream()
                                                .mapToLong(NonFiniteTensor.Input::count)
                                                .sum()))
                .sum();
    }

    private Optional<RoundingError> worst() {
        return report.rounding().stream()
                .filter(e -> Double.isFinite(e.relative()))
                .max(Comparator.comparingDouble(RoundingError::relative));
    }

    private void parents() {
        List<ModelDifference> sets = report.parents();
        int shown = Math.min(MOST_SETS, sets.size());
        for (ModelDifference models : sets.subList(0, shown)) {
            ModelDifference named = names.of(models);
            String which =
                    sets.size() == 1
                            ? ""
                            : ": "
                                    + named.models().stream()
                                            .filter(m -> !m.equals(MergeReport.RESULT))
                                            .collect(Collectors.joining(", "));
            new ParentSection(named).addTo(page.section("Parents" + which));
        }
        if (shown < sets.size()) {
            page.section("More parents")
                    .paragraph(
                            "%s more sets of models are merged in some tensors; they are not shown."
                                    .formatted(Numbers.text(sets.size() - shown)));
        }
    }

    private void numbers() {
        PageSection section = page.section("Numbers");
        List<NonFiniteTensor> odd = report.found().nonFinite();
        if (odd.isEmpty()) {
            section.paragraph("All elements of all tensors are finite.");
        } else {
            section.searchable(nonFinite(odd), MOST_ROWS, "the others are omitted");
        }
        if (report.rounding().isEmpty()) {
            section.paragraph("No tensor of the sample was rounded to a smaller dtype.");
            return;
        }
        section.paragraph(
                "%s tensors were recomputed in float32 and compared with the written ones: these are the errors from rounding to the dtype of the output."
                        .formatted(Numbers.text(report.rounding().size())));
        section.searchable(rounding(), MOST_ROWS, "the others are omitted");
    }

    private Table nonFinite(List<NonFiniteTensor> odd) {
        List<Row> rows = new ArrayList<>();
        for (NonFiniteTensor tensor : odd) {
            String inputs =
                    tensor.inputs().stream()
                            .map(i ->
                                    "%s in %s"
                                            .formatted(
                                                    Numbers.text(i.count()), names.of(i.model())))
                            .collect(Collectors.joining(", "));
            rows.add(
                    Row.of(
                            tensor.output().name(),
                            Numbers.text(tensor.count()),
                            inputs.isEmpty() ? "none" : inputs));
        }
        return new Table(
                "Tensors with NaN or infinite values",
                List.of(
                        Column.text("Tensor"),
                        Column.number("In the output"),
                        Column.text("In its inputs")),
                rows);
    }

    private Table rounding() {
        List<Row> rows = new ArrayList<>();
        for (RoundingError error : report.rounding()) {
            rows.add(
                    Row.of(
                            error.tensor(),
                            error.dtype(),
                            Numbers.significant(error.relative()),
                            Numbers.significant(error.largest())));
        }
        return new Table(
                "Rounding error of a sample of tensors",
                List.of(
                        Column.text("Tensor"),
                        Column.text("Dtype"),
                        Column.number("Relative error"),
                        Column.number("Largest difference")),
                rows);
    }

    private void made() {
        PageSection section = page.section("Tensors");
        List<Row> rows = new ArrayList<>();
        for (TaskKind kind : TaskKind.of(report.plan())) {
            rows.add(
                    Row.of(
                            kind.how(),
                            Numbers.text(kind.tensors()),
                            CheckText.count(kind.elements()),
                            ByteSize.text(kind.bytes())));
        }
        section.table(
                new Table(
                        "Tensors made",
                        List.of(
                                Column.text("How"),
                                Column.number("Tensors"),
                                Column.number("Parameters"),
                                Column.number("Size")),
                        rows));
        List<String> lines = new ArrayList<>(report.plan().listing().head());
        lines.addAll(report.plan().listing().settings());
        if (!lines.isEmpty()) {
            section.code(withoutFolders(String.join("\n", lines)));
        }
    }

    // As in model cards, only the recipe shows model folders.
    private String withoutFolders(String text) {
        String brief = text;
        for (String model : report.plan().models()) {
            brief = brief.replace(model, names.of(model));
        }
        return brief;
    }

    private void times() {
        List<Row> rows = new ArrayList<>();
        for (StageTimes.Stage stage : report.times()) {
            rows.add(Row.of(stage.name(), Numbers.text(stage.seconds(), 2)));
        }
        page.section("Time")
                .table(
                        new Table(
                                "Duration of the stages in seconds",
                                List.of(Column.text("Stage"), Column.number("Seconds")),
                                rows))
                .paragraph("Steps after the report, such as the final rename, are not included.");
    }
}
