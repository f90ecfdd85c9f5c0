package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import jmergekit.evolve.Estimate;
import jmergekit.evolve.Evaluation;
import jmergekit.evolve.Search;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Printable;
import jmergekit.problem.Problem;
import jmergekit.search.Variable;

/// What `evolve --dry-run` prints.
record EvolvePlanText(Search search, Console console) {
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    /// Prints the text, after making and scoring one candidate.
    ///
    /// @param storage the search folder; the candidate is made next to it
    void print(Path storage) {
        PrintWriter out = console.out();
        out.println(
                "search space, %d variables:"
                        .formatted(search.recipe().space().variables().size()));
        for (Variable variable : search.recipe().space().variables()) {
            out.println("  " + Printable.of(line(variable)));
        }
        out.println("objective: " + Printable.of(search.objective().text()));
        out.println("evaluator: " + search.evaluator().description());
        out.println("baselines: " + Printable.of(String.join(", ", search.baselines())));
        out.println("first recipe:");
        search.recipe()
                .recipe(search.recipe().space().start())
                .lines()
                .forEach(line -> out.println("  " + Printable.of(line)));
        out.flush();
        Estimate estimate = search.estimate(storage);
        Evaluation first = estimate.evaluation();
        if (first.failure().isPresent()) {
            throw new MergeException(
                    Problem.input("the first candidate", "cannot be scored")
                            .found(first.failure().get()));
        }
        out.println(
                "its objective: %.4f, in %s"
                        .formatted(
                                first.objective().orElseThrow(),
                                time(first.mergeSeconds() + first.evaluateSeconds())));
        out.println(
                "estimate: %s for %d candidates, %d at a time, with baselines and held-out items"
                        .formatted(
                                time(estimate.seconds()),
                                search.options().evaluations(),
                                search.options().slots()));
        out.println(
                "disk space: %s while searching, %s for the final model"
                        .formatted(
                                ByteSize.text(estimate.models()),
                                ByteSize.text(estimate.finalModel())));
    }

    static String line(Variable variable) {
        return switch (variable) {
            case Variable.Real real when !real.isBounded() ->
                    "%s: any number, from %s".formatted(real.name(), real.start());
            case Variable.Real real ->
                    "%s: %s to %s%s%s, from %s"
                            .formatted(
                                    real.name(),
                                    real.low(),
                                    real.high(),
                                    real.logarithmic() ? " on a log scale" : "",
                                    real.step() > 0 ? " in steps of " + real.step() : "",
                                    real.start());
            case Variable.Choice choice ->
                    "%s: one of %s, from %s"
                            .formatted(
                                    choice.name(),
                                    String.join(", ", choice.options()),
                                    choice.options().get(choice.start()));
            case Variable.Flag flag ->
                    "%s: yes or no, from %s".formatted(flag.name(), flag.start() ? "yes" : "no");
            case Variable.Order order ->
                    "%s: a permutation of %d".formatted(order.name(), order.items());
        };
    }

    private static String time(double seconds) {
        if (seconds < MINUTE) {
            return "%.1f s".formatted(seconds);
        }
        return seconds < HOUR
                ? "%.0f min".formatted(seconds / MINUTE)
                : "%.1f h".formatted(seconds / HOUR);
    }
}
