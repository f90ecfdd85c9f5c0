package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.page.Axis;
import jmergekit.page.Mark;
import jmergekit.page.Numbers;
import jmergekit.page.ParallelCoordinates;
import jmergekit.page.Plot;
import jmergekit.page.Scale;
import jmergekit.page.Series;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;
import jmergekit.search.Variable;

/// Charts of the values that a search has tried, by variable.
final class ParameterCharts {
    private static final int MOST = 24;
    private static final int BEST = 20;

    /// Orders can be long; pages should stay short.
    private static final int DRAWN = 500;

    private final Results results;
    private final List<Variable> variables;
    private final List<Variable> shown;
    private final int stride;
    private final List<Evaluation> drawn;
    private final Map<Evaluation, Integer> places = new HashMap<>();

    ParameterCharts(Results results) {
        this.results = results;
        this.variables = results.summary().space().variables();
        List<Evaluation> all = results.candidates();
        this.stride = Math.max(1, (all.size() + DRAWN - 1) / DRAWN);
        this.drawn = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            places.putIfAbsent(all.get(i), i + 1);
            if (i % stride == 0 && results.hasPoint(all.get(i))) {
                drawn.add(all.get(i));
            }
        }
        this.shown = mostChanged();
    }

    /// How to read a small chart.
    String key() {
        String which = stride == 1 ? "Dots show all candidates" : "Dots show every %dth candidate";
        return which.formatted(stride)
                + " in order of completion; the best %d are highlighted, and the line is the winner's value."
                        .formatted(BEST);
    }

    /// Which variables are shown, if not all are.
    Optional<String> note() {
        return shown.size() == variables.size()
                ? Optional.empty()
                : Optional.of(
                        "The charts show the %d of %s variables whose values among the best candidates are furthest from the start."
                                .formatted(shown.size(), Numbers.text(variables.size())));
    }

    List<Plot> overTime() {
        return shown.stream().map(this::overTime).toList();
    }

    private Plot overTime(Variable variable) {
        List<Evaluation> best = results.best(BEST);
        List<Mark> all = drawn.stream().map(e -> mark(variable, e)).toList();
        List<Mark> good = best.stream().map(e -> mark(variable, e)).toList();
        List<Plot.Level> levels =
                winner(variable)
                        .map(v ->
                                List.of(
                                        new Plot.Level(
                                                "winner", VariableText.number(variable, v), 1)))
                        .orElse(List.of());
        boolean order = variable instanceof Variable.Order;
        double[] numbers = all.stream().mapToDouble(Mark::y).toArray();
        return new Plot(
                order ? variable.name() + " (swapped pairs)" : variable.name(),
                "Values over %d candidates; %s; the winner's is %s."
                        .formatted(all.size(), VariableText.range(variable), winnerText(variable)),
                Plot.Size.SMALL,
                new Axis("", Scale.of(0, Math.max(results.candidates().size() + 1, 10))),
                new Axis("", VariableText.scale(variable, numbers)),
                List.of(
                        new Series("candidates", Series.Style.PALE, 0, all),
                        new Series("best", Series.Style.DOTS, 1, good)),
                levels);
    }

    private Mark mark(Variable variable, Evaluation evaluation) {
        double[] values = values(variable, evaluation);
        String text = Results.name(evaluation) + ": " + VariableText.text(variable, values);
        return Mark.of(places.get(evaluation), VariableText.number(variable, values), text);
    }

    /// The best candidates over the numeric variables, with their objective last; empty if there
    /// are no such variables, or fewer than two candidates.
    Optional<ParallelCoordinates> parallel() {
        List<Evaluation> best = results.best(BEST);
        List<Variable> numeric =
                shown.stream().filter(v -> !(v instanceof Variable.Order)).toList();
        if (best.size() < 2 || numeric.isEmpty()) {
            return Optional.empty();
        }
        List<Axis> axes = new ArrayList<>();
        for (Variable variable : numeric) {
            double[] numbers =
                    best.stream()
                            .mapToDouble(e -> VariableText.number(variable, values(variable, e)))
                            .toArray();
            axes.add(new Axis(variable.name(), VariableText.scale(variable, numbers)));
        }
        double[] objectives = best.stream().mapToDouble(Results::objective).toArray();
        axes.add(new Axis("objective", Scale.around(objectives)));
        List<ParallelCoordinates.Line> lines = new ArrayList<>();
        for (Evaluation evaluation : best) {
            List<Double> values = new ArrayList<>();
            numeric.forEach(v -> values.add(VariableText.number(v, values(v, evaluation))));
            values.add(Results.objective(evaluation));
            lines.add(new ParallelCoordinates.Line(Results.name(evaluation), values));
        }
        return Optional.of(
                new ParallelCoordinates(
                        "The best %d candidates, the best of them in bold".formatted(best.size()),
                        "An axis for each of %d variables, with the objective as the last."
                                .formatted(numeric.size()),
                        axes,
                        lines));
    }

    /// Every variable.
    Table table() {
        List<Row> rows = new ArrayList<>();
        for (Variable variable : variables) {
            rows.add(
                    Row.of(
                            variable.name(),
                            VariableText.range(variable),
                            VariableText.text(variable, VariableText.start(variable)),
                            winnerText(variable),
                            bestText(variable)));
        }
        return new Table(
                "All variables with the winner's values",
                List.of(
                        Column.text("Variable"),
                        Column.text("Range"),
                        Column.number("Start"),
                        Column.number("Winner"),
                        Column.number("Best " + BEST)),
                rows);
    }

    private String bestText(Variable variable) {
        List<Evaluation> best = results.best(BEST);
        if (best.size() < 2 || variable instanceof Variable.Order) {
            return "–";
        }
        Comparator<double[]> byNumber = Comparator.comparingDouble(v -> v[0]);
        List<double[]> values =
                best.stream().map(e -> values(variable, e)).sorted(byNumber).toList();
        String low = VariableText.text(variable, values.getFirst());
        String high = VariableText.text(variable, values.getLast());
        return low.equals(high) ? low : low + " to " + high;
    }

    private Optional<double[]> winner(Variable variable) {
        return results.winner().filter(results::hasPoint).map(e -> values(variable, e));
    }

    private String winnerText(Variable variable) {
        return winner(variable).map(v -> VariableText.text(variable, v)).orElse("–");
    }

    private double[] values(Variable variable, Evaluation evaluation) {
        return results.values(variable, evaluation.point().orElseThrow());
    }

    /// In the order of the space.
    private List<Variable> mostChanged() {
        if (variables.size() <= MOST) {
            return variables;
        }
        Map<Variable, Double> changes = new HashMap<>();
        variables.forEach(v -> changes.put(v, change(v)));
        List<Variable> sorted =
                variables.stream()
                        .sorted(Comparator.<Variable>comparingDouble(changes::get).reversed())
                        .limit(MOST)
                        .toList();
        return variables.stream().filter(sorted::contains).toList();
    }

    /// The mean distance of the best candidates from the start, relative to the scale.
    private double change(Variable variable) {
        double[] numbers =
                results.best(BEST).stream()
                        .mapToDouble(e -> VariableText.number(variable, values(variable, e)))
                        .toArray();
        Scale scale = VariableText.scale(variable, numbers);
        double[] first = VariableText.start(variable);
        double start = VariableText.number(variable, first);
        double sum = 0;
        for (double number : numbers) {
            boolean chosen = variable instanceof Variable.Choice;
            double moved = Math.abs(scale.position(number) - scale.position(start));
            sum += chosen ? (number == start ? 0 : 1) : moved;
        }
        return numbers.length == 0 || !Double.isFinite(sum) ? 0 : sum / numbers.length;
    }
}
