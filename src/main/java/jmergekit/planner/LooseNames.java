package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.model.LooseWeights;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.TensorSpec;

/// The names of the tensors of several models of loose tensors.
final class LooseNames {
    private static final String CHOOSE =
            "give --tensor-intersection (-i) to merge the tensors that all have, or --tensor-union (-u)"
                    + " for those of any";

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

    /// Those that any model has, in the order of the first.
    Set<String> all() {
        return all;
    }

    /// Those of the output, in that order.
    ///
    /// @param recipe what messages call it
    List<String> choose(TensorChoice choice, String recipe, Problems problems) {
        if (choice == TensorChoice.ALL) {
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
                    Problem.usage(recipe, "no tensor is in all of the models")
                            .hint("their checkpoints call the tensors by different names"));
        }
        return List.copyOf(common);
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

    // Whether the model has under other names what it lacks.
    private Optional<String> otherNames(int model, Set<String> lacking) {
        List<String> own =
                byModel.get(model).stream()
                        .filter(n -> byModel.stream().anyMatch(names -> !names.contains(n)))
                        .toList();
        Optional<String> without =
                NamePrefix.of(own, lacking).map(p -> "it has them without '" + p + "' in front");
        return without.or(() ->
                        NamePrefix.of(lacking, own)
                                .map(p -> "it has them with '" + p + "' in front"))
                .map(found -> found + ": save it again with the names of the others");
    }

    /// What of the models does not go into the output.
    ///
    /// @param taken the names of the output
    /// @param copiedFromAnother integers of a model, by its number, that are another model's there
    List<LeftOut> leftOut(Set<String> taken, Map<Integer, List<String>> copiedFromAnother) {
        List<LeftOut> left = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            List<String> own = List.copyOf(byModel.get(i));
            List<String> lone = own.stream().filter(n -> !taken.contains(n)).toList();
            if (!lone.isEmpty()) {
                left.add(LeftOut.of(i, LeftOut.Reason.NOT_COMMON, lone, own));
            }
            List<String> copied = copiedFromAnother.getOrDefault(i, List.of());
            if (!copied.isEmpty()) {
                left.add(LeftOut.of(i, LeftOut.Reason.COPIED, copied, own));
            }
        }
        return left;
    }
}
