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

/// How many layers models have that can be stacked on each other.
public final class StackDepths {
    private StackDepths() {}

    /// What one model is, however it is named.
    private record Weights(Path folder, Optional<AdapterReference> adapter) {}

    /// The depth of each model, in their order; empty if a model cannot be opened, is given twice,
    /// does not fit the first or has not one stack of layers for text. Errors alone are added to `problems`:
    /// the plan of a recipe has the warnings.
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

    // Models that do not fit the first one have stacks that do not fit its own.
    private static Optional<LayerStack> stack(InputModels opened, Problems problems) {
        Optional<LayerStack> text = opened.structure().mainStack();
        if (text.isEmpty() && !problems.hasErrors()) {
            List<LayerStack> stacks =
                    opened.structure().stacks().stream().filter(s -> !s.auxiliary()).toList();
            problems.add(
                    Problem.input(
                                    opened.inOrder().getFirst().label(),
                                    "its layers cannot be taken one by one")
                            .expected("a model with one stack of layers for text")
                            .found(
                                    stacks.isEmpty()
                                            ? "no numbered layers"
                                            : stacks.stream()
                                                    .map(LayerStack::prefix)
                                                    .collect(Collectors.joining(", "))));
        }
        return text;
    }

    // Any of its layers may be chosen, so that each has to be there.
    private static int depth(SourceModel model, LayerStack stack, Problems problems) {
        int depth = model.layers(stack);
        if (depth == 0) {
            problems.add(
                    Problem.input(model.label(), "has no tensors in '%s'".formatted(stack.prefix()))
                            .hint("the others have their layers there"));
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
