package jmergekit.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import jmergekit.page.Axis;
import jmergekit.page.Mark;
import jmergekit.page.Numbers;
import jmergekit.page.PageSection;
import jmergekit.page.Plot;
import jmergekit.page.Scale;
import jmergekit.page.Series;

/// The Pareto front of the candidates, two tasks at a time.
final class FrontCharts {
    private static final int PAIRWISE = 3;

    /// Two tasks.
    private record Pair(String x, String y) {}

    private FrontCharts() {}

    static void add(PageSection section, Results results) {
        List<String> tasks = results.summary().tasks();
        section.paragraph(
                "%s candidates are on the Pareto front: no other candidate beats them in every task."
                        .formatted(Numbers.text(results.front().size())));
        if (tasks.size() < 2) {
            return;
        }
        if (tasks.size() > PAIRWISE) {
            section.paragraph(
                    "The chart shows the two tasks with the strongest conflict among them.");
        }
        section.charts(false, pairs(results, tasks).stream().map(p -> chart(results, p)).toList());
    }

    private static List<Pair> pairs(Results results, List<String> tasks) {
        List<Pair> all = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            for (int j = i + 1; j < tasks.size(); j++) {
                all.add(new Pair(tasks.get(i), tasks.get(j)));
            }
        }
        if (tasks.size() <= PAIRWISE) {
            return all;
        }
        Pair best = all.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (Pair pair : all) {
            double agreement = agreement(results, pair);
            if (agreement < least) {
                least = agreement;
                best = pair;
            }
        }
        return List.of(best);
    }

    /// The correlation of two tasks on the front, with signs adjusted so that higher is better.
    private static double agreement(Results results, Pair pair) {
        List<double[]> both =
                results.front().stream()
                        .map(e ->
                                new double[] {
                                    Results.value(e, pair.x()), Results.value(e, pair.y())
                                })
                        .filter(v -> Double.isFinite(v[0]) && Double.isFinite(v[1]))
                        .toList();
        double meanX = both.stream().mapToDouble(v -> v[0]).average().orElse(0);
        double meanY = both.stream().mapToDouble(v -> v[1]).average().orElse(0);
        double xx = both.stream().mapToDouble(v -> Math.pow(v[0] - meanX, 2)).sum();
        double yy = both.stream().mapToDouble(v -> Math.pow(v[1] - meanY, 2)).sum();
        double xy = both.stream().mapToDouble(v -> (v[0] - meanX) * (v[1] - meanY)).sum();
        boolean alike = results.higherIsBetter(pair.x()) == results.higherIsBetter(pair.y());
        double correlation = xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 1;
        return alike ? correlation : -correlation;
    }

    private static Plot chart(Results results, Pair pair) {
        List<Mark> all = marks(results.candidates(), pair);
        List<Mark> front = marks(results.front(), pair);
        List<Mark> baselines = marks(results.baselines(), pair);
        List<Mark> shown = Stream.concat(all.stream(), baselines.stream()).toList();
        return new Plot(
                pair.x() + " and " + pair.y(),
                "%d candidates, %d of them on the front, and %d baselines."
                        .formatted(all.size(), front.size(), baselines.size()),
                Plot.Size.SQUARE,
                new Axis(label(results, pair.x()), scale(Mark::x, shown)),
                new Axis(label(results, pair.y()), scale(Mark::y, shown)),
                List.of(
                        new Series("candidates", Series.Style.PALE, 0, all),
                        new Series("front", Series.Style.DOTS, 1, front),
                        new Series("baselines", Series.Style.LARGE, 2, baselines)),
                List.of());
    }

    private static Scale scale(ToDoubleFunction<Mark> side, List<Mark> marks) {
        return Scale.around(marks.stream().mapToDouble(side).toArray());
    }

    private static List<Mark> marks(List<Evaluation> evaluations, Pair pair) {
        List<Mark> marks = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            double x = Results.value(evaluation, pair.x());
            double y = Results.value(evaluation, pair.y());
            String text = "%s: %s, %s";
            marks.add(
                    Mark.of(
                            x,
                            y,
                            text.formatted(
                                    Results.name(evaluation), Numbers.text(x), Numbers.text(y))));
        }
        return marks;
    }

    private static String label(Results results, String task) {
        return results.higherIsBetter(task) ? task : task + ", lower is better";
    }
}
