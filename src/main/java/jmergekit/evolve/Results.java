package jmergekit.evolve;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.evaluate.Score;
import jmergekit.search.Point;
import jmergekit.search.Variable;

/// A search's evaluations, prepared for its report.
final class Results {
    private final SearchSummary summary;
    private final List<Evaluation> candidates;
    private final List<Evaluation> baselines;
    private final List<Evaluation> ranked;
    private final Map<String, Integer> offsets = new HashMap<>();

    Results(SearchSummary summary) {
        this.summary = summary;
        List<Evaluation> all = summary.evaluations();
        this.candidates = all.stream().filter(e -> e.baseline().isEmpty()).toList();
        this.baselines = all.stream().filter(e -> e.baseline().isPresent()).toList();
        this.ranked =
                candidates.stream()
                        .filter(e -> hasObjective(e) && hasPoint(e) && e.sameAs().isEmpty())
                        .sorted(
                                Comparator.comparingDouble(Results::objective)
                                        .reversed()
                                        .thenComparing(Evaluation::number))
                        .toList();
        int offset = 0;
        for (Variable variable : summary.space().variables()) {
            offsets.put(variable.name(), offset);
            offset += variable.width();
        }
    }

    SearchSummary summary() {
        return summary;
    }

    /// In order of completion.
    List<Evaluation> candidates() {
        return candidates;
    }

    List<Evaluation> baselines() {
        return baselines;
    }

    /// Candidates with their own scores, from best to worst.
    List<Evaluation> ranked() {
        return ranked;
    }

    List<Evaluation> best(int most) {
        return ranked.subList(0, Math.min(most, ranked.size()));
    }

    Optional<Evaluation> winner() {
        return summary.winner().flatMap(number -> candidate(candidates, number));
    }

    /// The Pareto front: candidates that no other beats in every task.
    List<Evaluation> front() {
        return summary.front().stream()
                .flatMap(number -> candidate(candidates, number).stream())
                .toList();
    }

    /// The evaluation on held-out items: of a baseline by name, or of a candidate by number.
    Optional<Evaluation> heldOut(Evaluation evaluation) {
        return evaluation.baseline().isPresent()
                ? summary.heldOut().stream()
                        .filter(e -> e.baseline().equals(evaluation.baseline()))
                        .findFirst()
                : candidate(summary.heldOut(), evaluation.number());
    }

    /// Values of the variable in a point.
    double[] values(Variable variable, Point point) {
        int offset = offsets.getOrDefault(variable.name(), 0);
        double[] values = new double[variable.width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = point.get(offset + i);
        }
        return values;
    }

    boolean hasPoint(Evaluation evaluation) {
        int width = summary.space().width();
        return evaluation.point().filter(p -> p.size() == width).isPresent();
    }

    static boolean hasObjective(Evaluation evaluation) {
        return Double.isFinite(objective(evaluation));
    }

    /// NaN if there is none.
    static double objective(Evaluation evaluation) {
        return evaluation.objective().orElse(Double.NaN);
    }

    /// NaN if there is none.
    static double value(Evaluation evaluation, String task) {
        Score score = evaluation.scores().get(task);
        return score == null ? Double.NaN : score.value();
    }

    /// 0 if it is not known.
    static double error(Evaluation evaluation, String task) {
        Score score = evaluation.scores().get(task);
        OptionalDouble error = score == null ? OptionalDouble.empty() : score.standardError();
        double value = error.orElse(0);
        return Double.isFinite(value) && value > 0 ? value : 0;
    }

    /// According to the first evaluation that has a score for the task.
    boolean higherIsBetter(String task) {
        return summary.evaluations().stream()
                .map(e -> e.scores().get(task))
                .filter(score -> score != null)
                .findFirst()
                .map(Score::higherIsBetter)
                .orElse(true);
    }

    static String name(Evaluation evaluation) {
        return evaluation.baseline().orElseGet(() -> "candidate " + evaluation.number());
    }

    private static Optional<Evaluation> candidate(List<Evaluation> of, long number) {
        return of.stream().filter(e -> e.baseline().isEmpty() && e.number() == number).findFirst();
    }
}
