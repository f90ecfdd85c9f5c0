package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads `stack`.
record StackReader(ReferenceReader references, Problems problems) {
    private static final String ENTRY = "an entry of 'blocks'";
    private static final int MOST_BLOCKS = 1000;

    Optional<StackConfig> read(YamlNode node) {
        return Fields.of(node, Section.STACK, "'stack'", problems).flatMap(this::stack);
    }

    private Optional<StackConfig> stack(Fields fields) {
        fields.required("blocks", "'stack'");
        Optional<StackBlock.Scale> scale = scale(fields);
        List<StackBlock> blocks = new ArrayList<>();
        for (YamlNode item : fields.items("blocks", "a list of mappings with 'model'")) {
            Fields.of(item, Section.BLOCK, ENTRY, problems)
                    .flatMap(block -> block(block, scale))
                    .ifPresent(blocks::add);
        }
        boolean order = fields.flag("order").orElse(true);
        Optional<Located<Integer>> repeat = fields.count("repeat");
        Optional<Located<ModelReference>> base = references.read(fields, "base_model");
        Optional<Located<String>> tokenizer = fields.text("tokenizer_source");
        new TokenizerReader(references, problems).read(fields);
        Optional<Located<String>> dtype = fields.text("dtype");
        int times = repeat.map(Located::value).orElse(1);
        if ((long) times * blocks.size() > MOST_BLOCKS) {
            problems.add(
                    Problem.recipe(
                                    repeat.map(Located::at).orElse(fields.at()),
                                    "too many blocks, counting how often each may occur")
                            .expected("at most " + MOST_BLOCKS)
                            .found(String.valueOf((long) times * blocks.size())));
            return Optional.empty();
        }
        StackConfig stack = new StackConfig(blocks, order, times, base, tokenizer, dtype);
        checkSearched(stack, fields);
        return Optional.of(stack).filter(s -> !s.blocks().isEmpty());
    }

    private void checkSearched(StackConfig stack, Fields fields) {
        boolean alwaysAll = stack.blocks().stream().allMatch(StackBlock::always);
        boolean ordered = stack.order() && stack.blocks().size() * stack.repeat() > 1;
        boolean scaled = stack.blocks().stream().anyMatch(b -> b.scale().isPresent());
        if (!stack.blocks().isEmpty() && alwaysAll && stack.repeat() == 1 && !ordered && !scaled) {
            problems.add(
                    Problem.recipe(fields.at(), "nothing is searched")
                            .expected(
                                    "blocks without 'always', several blocks in a searched "
                                            + "order, or a 'scale'"));
        }
    }

    private Optional<StackBlock> block(Fields entry, Optional<StackBlock.Scale> ofAll) {
        Optional<Located<ModelReference>> model =
                entry.required("model", ENTRY).flatMap(node -> references.located(node, "model"));
        Optional<LayerRange> layers = entry.required("layers", ENTRY).flatMap(this::layers);
        boolean always = entry.flag("always").orElse(false);
        Optional<StackBlock.Scale> scale = scale(entry).or(() -> ofAll);
        if (model.isEmpty() || layers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StackBlock(model.get(), layers.get(), always, scale));
    }

    private Optional<LayerRange> layers(YamlNode node) {
        return new LayerRangeReader(1, problems).read("layers", node);
    }

    private Optional<StackBlock.Scale> scale(Fields fields) {
        Optional<YamlNode> node = fields.value("scale");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        List<Double> numbers = new ArrayList<>();
        List<YamlNode> items =
                node.get() instanceof YamlNode.Sequence list ? list.items() : List.of();
        for (YamlNode item : items) {
            OptionalDouble number =
                    item instanceof YamlNode.Scalar scalar
                            ? ScalarRules.number(scalar)
                            : OptionalDouble.empty();
            number.stream().filter(Double::isFinite).forEach(numbers::add);
        }
        if (items.size() != 2 || numbers.size() != 2 || !(numbers.getFirst() < numbers.getLast())) {
            problems.add(
                    Fields.wrongForm(
                            "'scale'",
                            "a list of two numbers, [low, high], low < high",
                            node.get()));
            return Optional.empty();
        }
        return Optional.of(new StackBlock.Scale(numbers.getFirst(), numbers.getLast()));
    }
}
