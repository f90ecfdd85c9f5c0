package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.page.Axis;
import jmergekit.page.Mark;
import jmergekit.page.Numbers;
import jmergekit.page.Plot;
import jmergekit.page.Scale;
import jmergekit.page.Series;

/// Charts of a search's progress, evaluation by evaluation.
final class CourseCharts {
    private CourseCharts() {}

    /// All candidates, the best so far, the failures, and the baselines.
    static Plot objective(Results results) {
        List<Mark> all = new ArrayList<>();
        List<Mark> best = new ArrayList<>();
        List<Mark> failed = new ArrayList<>();
        double record = Double.NEGATIVE_INFINITY;
        int place = 0;
        for (Evaluation evaluation : results.candidates()) {
            place++;
            String name = Results.name(evaluation);
            if (!Results.hasObjective(evaluation)) {
                failed.add(Mark.of(place, 0, name + " has no score"));
                continue;
            }
            double value = Results.objective(evaluation);
            all.add(Mark.of(place, value, name + ": " + Numbers.text(value)));
            if (value > record) {
                record = value;
                best.add(Mark.of(place, value, name + ", best so far: " + Numbers.text(value)));
            }
        }
        List<Plot.Level> levels =
                results.baselines().stream()
                        .filter(Results::hasObjective)
                        .map(e -> new Plot.Level(Results.name(e), Results.objective(e), 2))
                        .toList();
        int last = results.candidates().size();
        return new Plot(
                "Objective over evaluations",
                "%d candidates in the order in which they finished, %d of them without a score; the best so far as a line; baselines as dashed lines."
                        .formatted(last, failed.size()),
                Plot.Size.WIDE,
                new Axis("candidates evaluated", Scale.of(0, Math.max(last + 1, 10))),
                new Axis("objective, higher is better", scale(all, levels)),
                List.of(
                        new Series("candidates", Series.Style.PALE, 0, all),
                        new Series("best so far", Series.Style.STEPS, 1, best),
                        new Series("without a score", Series.Style.CROSSES, 5, failed)),
                levels);
    }

    /// Cuts off a few very bad models, which would compress the scale for all others.
    private static Scale scale(List<Mark> marks, List<Plot.Level> levels) {
        double[] values = marks.stream().mapToDouble(Mark::y).sorted().toArray();
        if (values.length == 0) {
            return Scale.around(levels.stream().mapToDouble(Plot.Level::y).toArray());
        }
        double high = values[values.length - 1];
        double tenth = values[values.length / 10];
        double least = high - 2 * (high - tenth);
        return Scale.around(
                Stream.concat(Arrays.stream(values).boxed(), levels.stream().map(Plot.Level::y))
                        .filter(v -> v >= least)
                        .mapToDouble(Double::doubleValue)
                        .toArray());
    }
}
