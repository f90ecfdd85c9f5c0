package jmergekit.evolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;

/// Searches as they come out: candidates that close in on a best point, some of which fail.
final class SampleSearch {
    private final int evaluations;
    private final int variables;
    private final List<String> tasks;
    private final SplittableRandom random = new SplittableRandom(7);
    private final Space space;

    SampleSearch(int evaluations, int variables, int tasks) {
        this.evaluations = evaluations;
        this.variables = variables;
        this.tasks = new ArrayList<>();
        List<String> known = List.of("copy", "reverse", "sort", "add");
        for (int i = 0; i < tasks; i++) {
            this.tasks.add(i < known.size() ? known.get(i) : "task " + i);
        }
        this.space = space();
    }

    /// As of a search with the usual settings.
    static SearchSummary usual() {
        return new SampleSearch(300, 18, 4).summary();
    }

    private Space space() {
        List<Variable> all = new ArrayList<>();
        for (int i = 0; i < variables; i++) {
            String model = i % 2 == 0 ? "math" : "words";
            String part = i / 2 % 2 == 0 ? "self_attn" : "mlp";
            String name = "layers %d %s: %s weight".formatted(i / 4, part, model);
            all.add(
                    switch (i % 18) {
                        case 14 -> Variable.Real.unbounded("shift " + i, 0);
                        case 15 ->
                                new Variable.Choice(
                                        "method " + i, List.of("ties", "dare_ties", "della"), 0);
                        case 16 -> new Variable.Flag("normalize " + i, true);
                        case 17 -> new Variable.Order("order of blocks " + i, 6);
                        case 13 -> new Variable.Real("density " + i, 0.01, 1, true, 0.5);
                        default -> new Variable.Real(name, -0.2, 1.4, false, 0.5);
                    });
        }
        return new Space(all);
    }

    SearchSummary summary() {
        List<Evaluation> all = new ArrayList<>();
        all.add(baseline("base", 0.15, Split.SEARCH));
        all.add(baseline("math", 0.1, Split.SEARCH));
        all.add(baseline("words", 0.62, Split.SEARCH));
        all.add(baseline("equal weights", 0.55, Split.SEARCH));
        for (int i = 0; i < evaluations; i++) {
            all.add(candidate(i));
        }
        List<Evaluation> ranked =
                all.stream()
                        .filter(e -> e.baseline().isEmpty() && e.objective().isPresent())
                        .sorted(Comparator.comparingDouble(e -> -e.objective().orElseThrow()))
                        .toList();
        List<Evaluation> heldOut = new ArrayList<>();
        ranked.stream().limit(5).forEach(e -> heldOut.add(again(e)));
        heldOut.add(baseline("base", 0.14, Split.HELD_OUT));
        heldOut.add(baseline("math", 0.09, Split.HELD_OUT));
        heldOut.add(baseline("words", 0.6, Split.HELD_OUT));
        heldOut.add(baseline("equal weights", 0.56, Split.HELD_OUT));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("Algorithm", "CMA-ES, start 0.5, sigma 0.25");
        settings.put("Evaluator", "built in: exact match and log-likelihood on the processor");
        settings.put("Seed", "1");
        settings.put("Candidates", String.valueOf(evaluations));
        settings.put("Items of each task", "120, and 300 held out");
        return new SearchSummary(
                "Search for a merge of math and words",
                settings,
                space,
                "the mean of " + String.join(", ", tasks) + ", each with weight 1",
                tasks,
                all,
                heldOut,
                ranked.stream().findFirst().map(Evaluation::number),
                ranked.stream().limit(12).map(Evaluation::number).toList(),
                List.of(
                        "The winner is better than the best parent, words, beyond noise.",
                        "On 300 held-out items of each task it has 0.8 where words has 0.6; in 99.8 % of 10,000 bootstrap samples it is ahead."),
                Optional.of(
                        "merge_method: task_arithmetic\nbase_model: base\nslices:\n"
                                + "  - sources:\n      - model: math\n        layer_range: [0, 1]\n        parameters:\n          weight: 0.3127\n"
                                        .repeat(6)));
    }

    private Evaluation again(Evaluation e) {
        return new Evaluation(
                e.number(),
                e.baseline(),
                Split.HELD_OUT,
                e.point(),
                e.hash(),
                OptionalDouble.of(e.objective().orElseThrow() - 0.03),
                scores(e.objective().orElseThrow() - 0.03),
                0,
                1,
                Optional.empty(),
                OptionalLong.empty());
    }

    private Evaluation baseline(String name, double quality, Split split) {
        return new Evaluation(
                0,
                Optional.of(name),
                split,
                Optional.empty(),
                Optional.of("0123"),
                OptionalDouble.of(quality),
                scores(quality),
                1.5,
                2.5,
                Optional.empty(),
                OptionalLong.empty());
    }

    private Evaluation candidate(int number) {
        double progress = Math.min(1, number / (0.7 * evaluations));
        double spread = 0.35 * (1 - 0.8 * progress);
        double[] values = space.start().values();
        int offset = 0;
        for (int i = 0; i < variables; i++) {
            Variable variable = space.variables().get(i);
            double target = 0.5 + 0.6 * Math.sin(i * 1.7) * progress;
            double value = target + spread * random.nextGaussian();
            switch (variable) {
                case Variable.Real real ->
                        values[offset] = Math.clamp(value, real.low(), real.high());
                case Variable.Choice choice ->
                        values[offset] = random.nextDouble() < progress ? 1 : random.nextInt(3);
                case Variable.Flag flag -> values[offset] = random.nextDouble() < progress ? 0 : 1;
                case Variable.Order order -> {
                    int swapped = offset + random.nextInt(order.items() - 1);
                    double held = values[swapped];
                    values[swapped] = values[swapped + 1];
                    values[swapped + 1] = held;
                }
            }
            offset += variable.width();
        }
        boolean failed = random.nextInt(25) == 0;
        double quality =
                0.4 + 0.45 * progress - 0.25 * Math.abs(random.nextGaussian()) * (1.1 - progress);
        return new Evaluation(
                number,
                Optional.empty(),
                Split.SEARCH,
                Optional.of(new Point(values)),
                Optional.of(Integer.toHexString(number)),
                failed ? OptionalDouble.empty() : OptionalDouble.of(quality),
                failed ? Map.of() : scores(quality),
                1.5,
                2.5,
                failed
                        ? Optional.of(
                                "the evaluator ended with 1:\nRuntimeError: probability tensor contains `inf`")
                        : Optional.empty(),
                OptionalLong.empty());
    }

    private Map<String, Score> scores(double quality) {
        Map<String, Score> scores = new LinkedHashMap<>();
        for (String task : tasks) {
            double value = Math.clamp(quality + 0.08 * random.nextGaussian(), 0, 1);
            double error = Math.sqrt(value * (1 - value) / 120);
            scores.put(task, new Score(value, OptionalDouble.of(error), true, new double[0]));
        }
        return scores;
    }
}
