package jmergekit.planner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.arch.LayerStack;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;

/// The number of layers of models that can be stacked on each other.
public final class StackDepths {
    private StackDepths() {}

    /// The identity of a model, however it is named.
    private record Weights(Path folder, Optional<AdapterReference> adapter) {}

    /// The depth of each model, in order; empty if a model cannot be opened, is given twice, does
    /// not match the first, or does not have a single stack of text layers. Only errors are added
    /// to `problems`: warnings are reported when the recipe is planned.
    public static Optional<List<Integer>> of(
            List<ModelReference> models, PlanOptions options, Problems problems) {
        Problems found = new Problems();
        InputModels opened = InputModels.open(models, options, found, found);
        checkOnce(models, opened, found);
        List<Integer> depths = new ArrayList<>();
        if (!opened.inOrder().isEmpty()) {
            opened.check(false, options, found, found);
            stack(opened, found)
                    .ifPresent(s -> opened.inOrder().forEach(m -> depths.add(depth(m, s, found))));
        }
        found.all().stream().filter(p -> p.severity() == Severity.ERROR).forEach(problems::add);
        return found.hasErrors() ? Optional.empty() : Optional.of(depths);
    }

    private static void checkOnce(
            List<ModelReference> models, InputModels opened, Problems problems) {
        Map<Weights, ModelReference> seen = new HashMap<>();
        for (ModelReference reference : models) {
            SourceModel model = opened.byReference().get(reference);
            if (model == null) {
                continue;
            }
            Path folder = model.folder().folder().toAbsolutePath().normalize();
            ModelReference earlier =
                    seen.putIfAbsent(new Weights(folder, reference.adapter()), reference);
            if (earlier != null) {
                problems.add(
                        Problem.usage(reference.toString(), "the model is given twice")
                                .found("'%s' and '%s'".formatted(earlier, reference))
                                .hint("give it once, with the sum of the weights"));
            }
        }
    }

    // A model that does not match the first one has stacks of its own that do not match.
    private static Optional<LayerStack> stack(InputModels opened, Problems problems) {
        Optional<LayerStack> text = opened.structure().mainStack();
        if (text.isEmpty() && !problems.hasErrors()) {
            List<LayerStack> stacks =
                    opened.structure().stacks().stream().filter(s -> !s.auxiliary()).toList();
            problems.add(
                    Problem.input(
                                    opened.inOrder().getFirst().label(),
                                    "its layers cannot be selected individually")
                            .expected("a model with a single stack of text layers")
                            .found(
                                    stacks.isEmpty()
                                            ? "no numbered layers"
                                            : stacks.stream()
                                                    .map(LayerStack::prefix)
                                                    .collect(Collectors.joining(", "))));
        }
        return text;
    }

    // Any of its layers may be chosen, so each must exist.
    private static int depth(SourceModel model, LayerStack stack, Problems problems) {
        int depth = model.layers(stack);
        if (depth == 0) {
            problems.add(
                    Problem.input(
                                    model.label(),
                                    "has no tensors under '%s'".formatted(stack.prefix()))
                            .hint("the other models have their layers there"));
        }
        for (int layer = 0; layer < depth; layer++) {
            if (model.restsOf(stack, layer).isEmpty()) {
                problems.add(
                        Problem.input(
                                        model.label(),
                                        "there is no layer '%s'".formatted(stack.prefix() + layer))
                                .expected(
                                        "all layers up to '%s'"
                                                .formatted(stack.prefix() + (depth - 1))));
                break;
            }
        }
        return depth;
    }
}
