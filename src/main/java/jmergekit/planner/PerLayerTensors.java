package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.model.ConfigEntries;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tensors outside the layers that contain a part for each layer, such as `embed_tokens_per_layer`
/// of Gemma 3n with rows of 30 x 256 elements. Where layers are selected individually, these
/// tensors get the blocks of those layers.
///
/// They are recognised by their names, or as plain vectors of one element per layer. The length of
/// a block is a setting such as `hidden_size_per_layer_input`, or 1.
final class PerLayerTensors {
    private static final Pattern TELLING =
            Pattern.compile(
                    "per_?layer|layer_?wise|every_layer|each_layer|layer_weights|layer_scal");

    private static final Pattern WIDTHS = Pattern.compile("per_layer.*|.*per_layer");
    private static final Pattern NO_WIDTHS = Pattern.compile("vocab|num_");

    private final Structure structure;
    private final VocabularyRows rows;
    private final Set<String> refused = new HashSet<>();
    private final List<Problem> refusals = new ArrayList<>();

    PerLayerTensors(Structure structure, VocabularyRows rows) {
        this.structure = structure;
        this.rows = rows;
    }

    /// The sources of a tensor, with the blocks of the output's layers if the tensor has one per
    /// layer.
    List<TaskInput> stacked(WantedTensor wanted, List<TaskInput> sources) {
        Optional<LayerStack> stack = wanted.module().stack();
        if (wanted.module().whole() || wanted.place().isPresent() || stack.isEmpty()) {
            return sources;
        }
        List<PlannedSlice> slices =
                wanted.module().slices().stream().filter(s -> s.layers() > 0).toList();
        SourceModel first = wanted.slice().inputs().getFirst().model();
        if (slices.isEmpty() || isWhole(slices, stack.get())) {
            return sources;
        }
        TaskInput source = sources.getFirst();
        OptionalInt axis = axis(wanted.name(), source.shape(), first, stack.get());
        if (axis.isEmpty()) {
            if (mayDepend(wanted.name(), source.shape(), first, stack.get())) {
                refuse(first, wanted.name(), source.shape(), stack.get());
            }
            return sources;
        }
        List<TaskInput> stacked = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Optional<Source.Blocks> blocks =
                    blocks(wanted, i, axis.getAsInt(), slices, stack.get());
            if (blocks.isEmpty()) {
                refuse(first, wanted.name(), source.shape(), stack.get());
                return sources;
            }
            stacked.add(new TaskInput(sources.get(i).model(), blocks.get()));
        }
        return stacked;
    }

    private Optional<Source.Blocks> blocks(
            WantedTensor wanted, int input, int axis, List<PlannedSlice> slices, LayerStack stack) {
        List<Source.Blocks.Block> blocks = new ArrayList<>();
        for (PlannedSlice slice : slices) {
            List<TaskInput> own =
                    slice.inputs().stream()
                            .flatMap(i -> i.model().source(wanted.name()).stream())
                            .toList();
            if (own.size() != wanted.slice().inputs().size()
                    || own.size() != slice.inputs().size()) {
                return Optional.empty();
            }
            TaskInput source = rows.mapped(wanted.name(), own).get(input);
            SourceModel model = slice.inputs().get(input).model();
            OptionalInt found = axis(wanted.name(), source.shape(), model, stack);
            if (found.isEmpty() || found.getAsInt() != axis) {
                return Optional.empty();
            }
            for (int i = 0; i < slice.layers(); i++) {
                int layer = slice.inputs().get(input).firstLayer() + i;
                blocks.add(
                        new Source.Blocks.Block(
                                source.model(), source.source(), layer, layers(model, stack)));
            }
        }
        Source.Blocks gathered = new Source.Blocks(axis, blocks);
        boolean fitting =
                blocks.stream()
                        .allMatch(b ->
                                b.layer() < b.layers()
                                        && new Source.Blocks(axis, List.of(b))
                                                .shape()
                                                .equals(
                                                        new Source.Blocks(
                                                                        axis, blocks.subList(0, 1))
                                                                .shape()));
        return fitting ? Optional.of(gathered) : Optional.empty();
    }

    // All layers of the models in their original order: there is nothing to rearrange.
    private boolean isWhole(List<PlannedSlice> slices, LayerStack stack) {
        List<SourceModel> models = models(slices.getFirst());
        int next = 0;
        for (PlannedSlice slice : slices) {
            int start = next;
            if (!models(slice).equals(models)
                    || !slice.inputs().stream().allMatch(i -> i.firstLayer() == start)) {
                return false;
            }
            next += slice.layers();
        }
        int end = next;
        return models.stream().allMatch(m -> layers(m, stack) == end);
    }

    private static List<SourceModel> models(PlannedSlice slice) {
        return slice.inputs().stream().map(PlannedSlice.Input::model).toList();
    }

    // The number in config.json: the files may contain a further block for multi-token prediction.
    private int layers(SourceModel model, LayerStack stack) {
        int found = model.layers(stack);
        long configured =
                model.folder()
                        .config()
                        .number(stack.countKey().toArray(String[]::new))
                        .orElse(found);
        return configured > 0 && configured < found ? (int) configured : found;
    }

    private OptionalInt axis(String name, Shape shape, SourceModel model, LayerStack stack) {
        int layers = layers(model, stack);
        if (layers < 2) {
            return OptionalInt.empty();
        }
        boolean telling = TELLING.matcher(name).find();
        if (Structure.isBare(name) && shape.rank() == 1 && shape.size(0) == layers) {
            boolean ambiguous = !telling && numbers(model, stack).contains((long) layers);
            return ambiguous ? OptionalInt.empty() : OptionalInt.of(0);
        }
        if (!telling) {
            return OptionalInt.empty();
        }
        Set<Long> widths = widths(model, stack);
        Set<Long> sizes = new HashSet<>();
        widths.forEach(w -> sizes.add(w * layers));
        if (!widths.contains((long) layers)) {
            sizes.add((long) layers);
        }
        int[] axes =
                IntStream.range(0, shape.rank())
                        .filter(i -> sizes.contains(shape.size(i)))
                        .toArray();
        if (axes.length == 0) {
            return OptionalInt.empty();
        }
        // A table has a row per token, a projection has a row per output.
        return OptionalInt.of(Structure.isByToken(name) ? axes[axes.length - 1] : axes[0]);
    }

    private boolean mayDepend(String name, Shape shape, SourceModel model, LayerStack stack) {
        int layers = layers(model, stack);
        Set<Long> widths = widths(model, stack);
        return TELLING.matcher(name).find()
                && shape.dimensions().stream()
                        .anyMatch(d ->
                                !widths.contains(d)
                                        && (d > layers && d % layers == 0 || d == layers + 1));
    }

    private static Set<Long> widths(SourceModel model, LayerStack stack) {
        Set<Long> widths = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : level(model, stack)) {
            String key = entry.getKey();
            if (WIDTHS.matcher(key).find()
                    && !NO_WIDTHS.matcher(key).find()
                    && entry.getValue().isIntegralNumber()
                    && entry.getValue().canConvertToInt()
                    && entry.getValue().intValue() > 0) {
                widths.add((long) entry.getValue().intValue());
            }
        }
        return widths;
    }

    // Sizes that a vector may have for other reasons.
    private static Set<Long> numbers(SourceModel model, LayerStack stack) {
        Set<Long> numbers = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : level(model, stack)) {
            boolean count = List.of(entry.getKey()).equals(last(stack.countKey()));
            if (!count && entry.getValue().isIntegralNumber()) {
                numbers.add(entry.getValue().asLong(0));
            }
        }
        return numbers;
    }

    private static List<String> last(List<String> key) {
        return key.subList(Math.max(0, key.size() - 1), key.size());
    }

    private static Set<Map.Entry<String, JsonNode>> level(SourceModel model, LayerStack stack) {
        List<String> key = stack.countKey();
        return ConfigEntries.level(
                        model.folder().config().json(), key.subList(0, Math.max(0, key.size() - 1)))
                .map(ObjectNode::properties)
                .orElse(Set.of());
    }

    private void refuse(SourceModel model, String name, Shape shape, LayerStack stack) {
        if (refused.add(name)) {
            refusals.add(
                    Problem.input(
                                    model.label(),
                                    "tensor '%s' %s depends on the number and order of the %d layers, but its parts cannot be rearranged"
                                            .formatted(name, shape, layers(model, stack)))
                            .hint("merge whole models, or use all layers in their original order"));
        }
    }

    void report(Problems problems) {
        refusals.forEach(problems::add);
    }
}
