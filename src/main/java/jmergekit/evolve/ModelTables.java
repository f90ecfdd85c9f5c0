package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import jmergekit.page.BarChart;
import jmergekit.page.Numbers;
import jmergekit.page.Table;
import jmergekit.page.Table.Cell;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;

/// Tables and charts that compare models: the winner, the baselines, and other candidates.
final class ModelTables {
    private static final int BEST = 20;
    private static final int PANELS = 12;
    private static final int BARS = 12;

    private final Results results;
    private final List<String> tasks;

    ModelTables(Results results) {
        this.results = results;
        this.tasks = results.summary().tasks();
    }

    /// The winner first, then the baselines from best to worst.
    private List<Evaluation> models() {
        return Stream.concat(results.winner().stream(), descending(results.baselines())).toList();
    }

    boolean isEmpty() {
        return Stream.concat(models().stream(), results.summary().heldOut().stream())
                .noneMatch(Results::hasObjective);
    }

    Table search() {
        return table("On the items of the search", models());
    }

    Table best() {
        return table("The best on the items of the search", results.best(BEST));
    }

    /// Empty if there are no held-out items.
    Optional<Table> heldOut() {
        List<Evaluation> models = descending(results.summary().heldOut().stream()).toList();
        return models.isEmpty()
                ? Optional.empty()
                : Optional.of(table("On held-out items, which the search did not see", models));
    }

    private Table table(String caption, List<Evaluation> models) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("Model"));
        columns.add(Column.number("Objective"));
        List<List<Cell>> cells = new ArrayList<>();
        models.forEach(model -> cells.add(new ArrayList<>(List.of(Cell.of(label(model))))));
        add(cells, models, Results::objective, e -> 0, true);
        for (String task : tasks) {
            boolean higher = results.higherIsBetter(task);
            columns.add(Column.number(higher ? task : task + " (lower is better)"));
            add(cells, models, e -> Results.value(e, task), e -> Results.error(e, task), higher);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            rows.add(new Row(isWinner(models.get(i)) && models.size() > 1, cells.get(i)));
        }
        return new Table(caption, columns, rows);
    }

    private static void add(
            List<List<Cell>> cells,
            List<Evaluation> models,
            ToDoubleFunction<Evaluation> value,
            ToDoubleFunction<Evaluation> error,
            boolean higher) {
        double[] values = models.stream().mapToDouble(value).toArray();
        int decimals = Numbers.decimals(values);
        double best = Double.NaN;
        for (double v : values) {
            boolean better = higher ? v > best : v < best;
            best = Double.isFinite(v) && (Double.isNaN(best) || better) ? v : best;
        }
        for (int i = 0; i < values.length; i++) {
            double deviation = error.applyAsDouble(models.get(i));
            String text = Numbers.text(values[i], decimals);
            String full = deviation > 0 ? text + " ± " + Numbers.text(deviation, decimals) : text;
            cells.get(i).add(new Cell(full, values[i] == best && values.length > 1));
        }
    }

    /// A chart for the objective and for each task.
    List<BarChart> charts() {
        List<BarChart> charts = new ArrayList<>();
        charts.add(chart("Objective", Results::objective, e -> 0));
        for (String task : tasks.subList(0, Math.min(PANELS - 1, tasks.size()))) {
            String title = results.higherIsBetter(task) ? task : task + " (lower is better)";
            charts.add(chart(title, e -> Results.value(e, task), e -> Results.error(e, task)));
        }
        return charts;
    }

    /// What the charts omit, if anything.
    Optional<String> chartsNote() {
        List<String> parts = new ArrayList<>();
        if (tasks.size() > PANELS - 1) {
            parts.add("the first %d of %d tasks".formatted(PANELS - 1, tasks.size()));
        }
        if (models().size() > BARS) {
            parts.add("the first %d of %d models".formatted(BARS, models().size()));
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of("The charts show " + String.join(" and ", parts) + ".");
    }

    private BarChart chart(
            String title, ToDoubleFunction<Evaluation> value, ToDoubleFunction<Evaluation> error) {
        boolean both = !results.summary().heldOut().isEmpty();
        List<BarChart.Group> groups = new ArrayList<>();
        for (Evaluation model : models().subList(0, Math.min(BARS, models().size()))) {
            List<BarChart.Bar> bars = new ArrayList<>();
            if (both) {
                bars.add(
                        results.heldOut(model)
                                .map(e -> bar(e, value, error))
                                .orElse(BarChart.Bar.NONE));
            }
            bars.add(bar(model, value, error));
            groups.add(new BarChart.Group(label(model), isWinner(model), bars));
        }
        List<String> series =
                both ? List.of("held-out items", "items of the search") : List.of("score");
        String description =
                "Bars with standard errors for %d models; the table above has the numbers."
                        .formatted(groups.size());
        return new BarChart(title, description, series, groups);
    }

    private static BarChart.Bar bar(
            Evaluation model,
            ToDoubleFunction<Evaluation> value,
            ToDoubleFunction<Evaluation> error) {
        return new BarChart.Bar(value.applyAsDouble(model), error.applyAsDouble(model));
    }

    private boolean isWinner(Evaluation evaluation) {
        return evaluation.baseline().isEmpty()
                && results.summary().winner().filter(w -> w == evaluation.number()).isPresent();
    }

    private String label(Evaluation evaluation) {
        String name = Results.name(evaluation);
        return isWinner(evaluation) ? "winner (%d)".formatted(evaluation.number()) : name;
    }

    private static Stream<Evaluation> descending(List<Evaluation> models) {
        return descending(models.stream());
    }

    /// Models without a score come last.
    private static Stream<Evaluation> descending(Stream<Evaluation> models) {
        Comparator<Evaluation> byObjective =
                Comparator.comparingDouble(e ->
                        Results.hasObjective(e) ? -Results.objective(e) : Double.POSITIVE_INFINITY);
        return models.sorted(byObjective);
    }
}
