package jmergekit.evolve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.config.LayerRange;
import jmergekit.config.Located;
import jmergekit.config.ReferenceText;
import jmergekit.config.StackBlock;
import jmergekit.config.StackConfig;
import jmergekit.config.VariableNames;
import jmergekit.config.YamlScalar;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;

/// Layers of several models, stacked: which blocks, in which order, and with which scale. All
/// blocks are listed one after another, and the list is repeated as often as a block may be
/// repeated; the search selects entries of this row.
///
/// Source: the data flow space of Akiba et al., "Evolutionary Optimization of Model Merging Recipes",
/// <https://arxiv.org/abs/2403.13187>.
final class StackedRecipe implements SearchedRecipe {
    /// The modules that write to the residual stream.
    private static final List<String> SCALED = List.of("o_proj", "down_proj");

    /// A block's place in the row. Indices into a point are absent for values that are not
    /// searched.
    private record Occurrence(StackBlock block, OptionalInt flag, OptionalInt scale) {}

    private final StackConfig stack;
    private final List<Occurrence> row = new ArrayList<>();
    private final OptionalInt order;
    private final Space space;

    private StackedRecipe(StackConfig stack) {
        this.stack = stack;
        List<Variable> variables = new ArrayList<>();
        int size = stack.blocks().size() * stack.repeat();
        List<String> names = names();
        int index = 0;
        boolean ordered = stack.order() && size > 1;
        order = ordered ? OptionalInt.of(0) : OptionalInt.empty();
        if (ordered) {
            variables.add(new Variable.Order("order", size));
            index += size;
        }
        for (int i = 0; i < size; i++) {
            StackBlock block = stack.blocks().get(i % stack.blocks().size());
            boolean first = i < stack.blocks().size();
            OptionalInt flag = OptionalInt.empty();
            if (!first || !block.always()) {
                variables.add(new Variable.Flag(names.get(i), first));
                flag = OptionalInt.of(index++);
            }
            OptionalInt scale = OptionalInt.empty();
            if (block.scale().isPresent()) {
                StackBlock.Scale range = block.scale().get();
                variables.add(
                        new Variable.Real(
                                names.get(i) + " · scale",
                                range.low(),
                                range.high(),
                                false,
                                range.start()));
                scale = OptionalInt.of(index++);
            }
            row.add(new Occurrence(block, flag, scale));
        }
        space = new Space(variables);
    }

    private List<String> names() {
        Map<ModelReference, String> models = VariableNames.ofModels(models());
        List<String> names = new ArrayList<>();
        for (int time = 0; time < stack.repeat(); time++) {
            for (StackBlock block : stack.blocks()) {
                LayerRange layers = block.layers();
                String model = models.get(block.model().value());
                names.add(model + " · layers " + layers.start() + "-" + layers.end());
            }
        }
        return VariableNames.unique(names);
    }

    private List<ModelReference> models() {
        return stack.blocks().stream().map(b -> b.model().value()).distinct().toList();
    }

    /// Empty after adding a problem.
    static Optional<SearchedRecipe> of(StackConfig stack, LayerCount count, Problems problems) {
        boolean fits = true;
        Map<ModelReference, OptionalInt> layers = new HashMap<>();
        for (StackBlock block : stack.blocks()) {
            OptionalInt all =
                    layers.computeIfAbsent(block.model().value(), _ -> count.of(block.model()));
            fits &= all.isPresent();
            if (all.isPresent() && block.layers().end() > all.getAsInt()) {
                fits = false;
                problems.add(
                        Problem.recipe(
                                        block.layers().at(),
                                        "'%s' has fewer layers".formatted(block.model().value()))
                                .expected("layers up to " + all.getAsInt())
                                .found(block.layers().toString()));
            }
        }
        return fits ? Optional.of(new StackedRecipe(stack)) : Optional.empty();
    }

    @Override
    public Space space() {
        return space;
    }

    /// The blocks that a point selects, in its order; if it selects none, the first in its order.
    private List<Occurrence> chosen(Point point) {
        List<Occurrence> ordered = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            int place = order.isPresent() ? (int) point.get(order.getAsInt() + i) : i;
            ordered.add(row.get(place));
        }
        List<Occurrence> chosen =
                ordered.stream()
                        .filter(o -> o.flag().isEmpty() || point.get(o.flag().getAsInt()) >= 0.5)
                        .toList();
        return chosen.isEmpty() ? List.of(ordered.getFirst()) : chosen;
    }

    @Override
    public String recipe(Point point) {
        StringBuilder recipe = new StringBuilder("merge_method: passthrough\n");
        stack.baseModel()
                .ifPresent(b ->
                        recipe.append("base_model: ")
                                .append(ReferenceText.of(b.value()))
                                .append('\n'));
        recipe.append("slices:\n");
        chosen(point).forEach(o -> slice(recipe, o, point));
        return recipe.append(dtype()).append(vocabulary()).toString();
    }

    private static void slice(StringBuilder recipe, Occurrence occurrence, Point point) {
        StackBlock block = occurrence.block();
        recipe.append("  - sources:\n      - model: ")
                .append(ReferenceText.of(block.model().value()))
                .append("\n        layer_range: ")
                .append(block.layers())
                .append('\n');
        if (occurrence.scale().isPresent()) {
            String scale = YamlScalar.of(point.get(occurrence.scale().getAsInt()));
            recipe.append("        parameters:\n          scale:\n");
            for (String filter : SCALED) {
                recipe.append("            - filter: ").append(filter);
                recipe.append("\n              value: ").append(scale).append('\n');
            }
            recipe.append("            - value: 1.0\n");
        }
    }

    private String dtype() {
        return stack.dtype().map(d -> line("dtype", d)).orElse("");
    }

    private String vocabulary() {
        return stack.tokenizerSource().map(t -> line("tokenizer_source", t)).orElse("");
    }

    private static String line(String key, Located<String> value) {
        return key + ": " + YamlScalar.of(value.value()) + "\n";
    }

    @Override
    public List<Baseline> baselines() {
        return new Baselines(models(), Optional.empty(), List.of(), dtype(), "").list();
    }
}
