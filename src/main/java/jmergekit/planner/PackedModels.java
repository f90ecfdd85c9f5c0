package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Checks models whose weights are packed integers before their tensors are compared with those of
/// other models.
final class PackedModels {
    private PackedModels() {}

    /// Refuses packed weights that would have to be merged; a method for one model may only copy
    /// them.
    static void check(MethodInfo method, List<ModelFolder> models, Problems problems) {
        Optional<IntegerQuantisation> first = IntegerQuantisation.of(models.getFirst());
        for (ModelFolder model : models) {
            Optional<IntegerQuantisation> packed = IntegerQuantisation.of(model);
            if (method.most() > 1) {
                packed.map(p -> p.refusal(model, "merge method '%s'".formatted(method.name())))
                        .ifPresent(problems::add);
            } else if (!alike(first, packed)) {
                problems.add(mixed(models.getFirst(), first, model, packed));
            }
        }
    }

    private static boolean alike(
            Optional<IntegerQuantisation> first, Optional<IntegerQuantisation> other) {
        return first.isPresent() ? other.filter(first.get()::isLike).isPresent() : other.isEmpty();
    }

    private static Problem mixed(
            ModelFolder first,
            Optional<IntegerQuantisation> expected,
            ModelFolder model,
            Optional<IntegerQuantisation> found) {
        return Problem.input(
                        model.reference().toString(),
                        "its weights are packed in a different way, but config.json can describe only one")
                .expected("%s as in '%s'".formatted(text(expected), first.reference()))
                .found(text(found))
                .hint("stack models with the same quantisation, or unquantised ones");
    }

    private static String text(Optional<IntegerQuantisation> packed) {
        return packed.map(p -> "quantised by " + p.text()).orElse("no packed weights");
    }
}
