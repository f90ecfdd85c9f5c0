package jmergekit.planner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jmergekit.model.LooseWeights;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.TensorSpec;

/// The names of the tensors of several models of loose tensors.
final class LooseNames {
    private static final String DIFFERENT =
            "the checkpoints use different tensor names; if that is intended, the result is not a merge"
                    + " but one file with all of them";

    private static final String CHOOSE =
            "use --tensor-intersection (-i) to merge the tensors that all models have, or --tensor-union"
                    + " (-u) to merge those of any";

    private final List<LooseWeights> models;
    private final List<Set<String>> byModel = new ArrayList<>();
    private final Set<String> all = new LinkedHashSet<>();

    LooseNames(List<LooseWeights> models) {
        this.models = models;
        for (LooseWeights model : models) {
            Set<String> names =
                    model.checkpoint().tensors().stream()
                            .map(TensorSpec::name)
                            .collect(Collectors.toCollection(LinkedHashSet::new));
            byModel.add(names);
            all.addAll(names);
        }
    }

    /// The names that any model has, in the order of the first.
    Set<String> all() {
        return all;
    }

    /// The names of the output, in the same order.
    ///
    /// @param recipe the name of the recipe in messages
    List<String> choose(TensorChoice choice, String recipe, Problems problems) {
        if (choice == TensorChoice.ALL) {
            warnOfStrangers(recipe, problems);
            return List.copyOf(all);
        }
        Set<String> common = new LinkedHashSet<>(all);
        byModel.forEach(common::retainAll);
        if (choice == TensorChoice.SAME && common.size() < all.size()) {
            for (int i = 0; i < models.size(); i++) {
                reportLacking(i, problems);
            }
        } else if (common.isEmpty()) {
            problems.add(
                    Problem.input(recipe, "no tensor is in all models")
                            .hint(
                                    prefixes()
                                            .orElse(
                                                    "their checkpoints use different tensor"
                                                            + " names")));
        }
        return List.copyOf(common);
    }

    // The union is then a copy of the models' tensors: a mistake, or parts that are combined on
    // purpose.
    private void warnOfStrangers(String recipe, Problems problems) {
        List<Integer> strangers =
                IntStream.range(0, models.size()).filter(this::isStranger).boxed().toList();
        if (models.size() < 2 || strangers.isEmpty()) {
            return;
        }
        if (strangers.size() == models.size()) {
            problems.add(
                    Problem.input(recipe, "nothing is merged: no tensor is in more than one model")
                            .hint(prefixes().orElse(DIFFERENT))
                            .asWarning());
            return;
        }
        for (int stranger : strangers) {
            problems.add(
                    Problem.input(
                                    label(stranger),
                                    "nothing of it is merged: it shares no tensor with any other"
                                            + " model")
                            .hint(prefix(stranger).orElse(DIFFERENT))
                            .asWarning());
        }
    }

    private boolean isStranger(int model) {
        return IntStream.range(0, byModel.size())
                .filter(i -> i != model)
                .allMatch(i -> Collections.disjoint(byModel.get(i), byModel.get(model)));
    }

    private String label(int model) {
        return models.get(model).reference().toString();
    }

    // The prefix that makes names of different models differ, if that is the only difference.
    private Optional<String> prefixes() {
        List<String> found =
                IntStream.range(0, models.size())
                        .mapToObj(this::prefix)
                        .flatMap(Optional::stream)
                        .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
    }

    private Optional<String> prefix(int model) {
        for (int i = 0; i < models.size(); i++) {
            Optional<String> prefix = NamePrefix.ofAll(byModel.get(model), byModel.get(i));
            if (prefix.isPresent()) {
                return Optional.of(
                        ("all names of '%1$s' begin with '%2$s'; without it they match those of '%3$s':"
                                        + " save it again without '%2$s'")
                                .formatted(label(model), prefix.get(), label(i)));
            }
        }
        return Optional.empty();
    }

    private void reportLacking(int model, Problems problems) {
        Set<String> lacking = new LinkedHashSet<>(all);
        lacking.removeAll(byModel.get(model));
        if (!lacking.isEmpty()) {
            problems.add(
                    Problem.input(
                                    models.get(model).reference().toString(),
                                    "lacks %d of the %d tensors that the models have: %s"
                                            .formatted(
                                                    lacking.size(),
                                                    all.size(),
                                                    String.join(", ", NameRanges.of(lacking))))
                            .hint(otherNames(model, lacking).orElse(CHOOSE)));
        }
    }

    // Whether the model has the missing tensors under other names.
    private Optional<String> otherNames(int model, Set<String> lacking) {
        List<String> own =
                byModel.get(model).stream()
                        .filter(n -> byModel.stream().anyMatch(names -> !names.contains(n)))
                        .toList();
        Optional<String> without =
                NamePrefix.of(own, lacking).map(p -> "it has them without the prefix '" + p + "'");
        return without.or(() ->
                        NamePrefix.of(lacking, own)
                                .map(p -> "it has them with the prefix '" + p + "'"))
                .map(found -> found + ": save it again with the names of the others");
    }

    /// The tensors of the models that do not go into the output.
    ///
    /// @param taken the names of the output
    List<LeftOut> leftOut(Set<String> taken) {
        List<LeftOut> left = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            List<String> own = List.copyOf(byModel.get(i));
            List<String> lone = own.stream().filter(n -> !taken.contains(n)).toList();
            if (!lone.isEmpty()) {
                left.add(LeftOut.of(i, LeftOut.Reason.NOT_COMMON, lone, own));
            }
        }
        return left;
    }
}
