package jmergekit.evolve;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import jmergekit.page.Numbers;

/// Explains whether the winner of a search is better than its parents.
///
/// @param parents names of the baselines that are models of the merge, including the base
record Verdict(Objective objective, List<String> parents, long seed) {
    /// @param searched scores on the search's items
    /// @param heldOut scores on held-out items
    List<String> sentences(List<Evaluation> searched, List<Evaluation> heldOut) {
        Optional<Evaluation> winner = best(searched, e -> e.baseline().isEmpty());
        if (winner.isEmpty()) {
            return List.of("No candidate has a score.");
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(
                "Candidate %d has the best score on the items of the search: %s (%s)."
                        .formatted(winner.get().number(), score(winner.get()), objective.text()));
        Optional<Evaluation> parent = best(searched, this::isParent);
        parent.ifPresent(p -> sentences.add(onSearch(winner.get(), p)));
        if (searched.stream().filter(e -> e.baseline().isEmpty()).count() > 1
                && searched.stream()
                                .filter(e -> e.baseline().isEmpty())
                                .map(Evaluation::hash)
                                .distinct()
                                .count()
                        == 1) {
            sentences.add("All candidates are the same model: the searched values have no effect.");
        }
        if (heldOut.isEmpty()) {
            sentences.add(
                    "No items were held out. The best of many candidates is partly lucky, so it is not"
                            + " known whether it is better on other items.");
            return sentences;
        }
        sentences.addAll(onHeldOut(winner.get().number(), heldOut));
        return sentences;
    }

    private static String onSearch(Evaluation winner, Evaluation parent) {
        String name = parent.baseline().orElseThrow();
        boolean isBetter = winner.objective().getAsDouble() > parent.objective().getAsDouble();
        return isBetter
                ? "The best parent there, %s, has %s.".formatted(name, score(parent))
                : "The best parent there, %s, has %s: no candidate is better than it."
                        .formatted(name, score(parent));
    }

    private List<String> onHeldOut(long number, List<Evaluation> heldOut) {
        Optional<Evaluation> winner =
                best(heldOut, e -> e.baseline().isEmpty() && e.number() == number);
        Optional<Evaluation> parent = best(heldOut, this::isParent);
        if (winner.isEmpty() || parent.isEmpty()) {
            return List.of(
                    "On held-out items %s has no score, so they cannot be compared."
                            .formatted(winner.isEmpty() ? "it" : "no parent"));
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(
                "On held-out items it has %s, and the best parent, %s, has %s."
                        .formatted(
                                score(winner.get()),
                                parent.get().baseline().orElseThrow(),
                                score(parent.get())));
        sentences.add(
                compared(winner.get(), parent.get())
                        .map(Verdict::judgement)
                        .orElseGet(() -> unknown(winner.get())));
        best(heldOut, e -> e.baseline().isEmpty())
                .filter(e -> e.number() != number)
                .ifPresent(e ->
                        sentences.add(
                                ("Candidate %d is better there, with %s; choosing it for this reason would make the"
                                                + " held-out items part of the search.")
                                        .formatted(e.number(), score(e))));
        return sentences;
    }

    private Optional<PairedBootstrap> compared(Evaluation first, Evaluation second) {
        Objective asked = objective.of(first.scores().keySet());
        return PairedBootstrap.of(asked, first.scores(), second.scores(), seed);
    }

    private static String unknown(Evaluation winner) {
        String tasks =
                winner.scores().entrySet().stream()
                        .filter(e -> e.getValue().standardError().isEmpty())
                        .filter(e -> e.getValue().items().length == 0)
                        .map(Map.Entry::getKey)
                        .collect(joining(", "));
        return "The evaluator reports neither standard errors nor scores of single items for %s, so it is not known whether the difference is more than noise."
                .formatted(tasks);
    }

    private static String judgement(PairedBootstrap comparison) {
        if (comparison.difference() == 0 && comparison.low() == 0 && comparison.high() == 0) {
            return "They are equal on every item.";
        }
        String difference = "The difference is " + comparison.text();
        if (comparison.isBetter()) {
            return difference + ": the winner is better than the best parent, beyond noise.";
        }
        return comparison.isWorse()
                ? difference + ": the winner is worse than the best parent, beyond noise."
                : difference + ": this may be noise, so the winner is not known to be better.";
    }

    private boolean isParent(Evaluation evaluation) {
        return evaluation.baseline().filter(parents::contains).isPresent();
    }

    /// The one with the greatest objective; the first of several equal ones.
    static Optional<Evaluation> best(List<Evaluation> all, Predicate<Evaluation> which) {
        return all.stream()
                .filter(e -> e.objective().isPresent())
                .filter(which)
                .max(
                        Comparator.comparingDouble((Evaluation e) -> e.objective().getAsDouble())
                                .thenComparing(
                                        Comparator.comparingLong(Evaluation::number).reversed()));
    }

    private static String score(Evaluation evaluation) {
        OptionalDouble objective = evaluation.objective();
        return Numbers.significant(objective.orElse(Double.NaN));
    }
}
