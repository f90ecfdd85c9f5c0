package jmergekit.cli;

import jmergekit.evaluate.Split;
import jmergekit.evolve.Evaluation;
import jmergekit.evolve.SearchProgress;
import jmergekit.problem.Printable;

/// A line for each model that was scored.
record EvolveDisplay(Console console, boolean quiet) implements SearchProgress {
    @Override
    public void say(String line) {
        if (!quiet) {
            console.info(Printable.of(line));
        }
    }

    @Override
    public void evaluated(Evaluation evaluation, long done, long most, double best) {
        String what =
                evaluation
                        .baseline()
                        .map("baseline "::concat)
                        .orElseGet(() -> "candidate " + evaluation.number());
        String where = evaluation.split() == Split.HELD_OUT ? ", held out" : "";
        String result =
                evaluation.objective().isPresent()
                        ? number(evaluation.objective().getAsDouble())
                        : "failed: " + evaluation.failureLine().orElse("");
        String standing =
                evaluation.baseline().isPresent() || evaluation.split() == Split.HELD_OUT
                        ? ""
                        : " (%d of at most %d; best %s)".formatted(done, most, number(best));
        say("%s%s: %s%s".formatted(what, where, result, standing));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "none" : "%.4f".formatted(value);
    }
}
