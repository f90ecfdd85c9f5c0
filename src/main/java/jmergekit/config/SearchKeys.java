package jmergekit.config;

import java.util.List;

/// The keys of searches: what is searched and by which tasks. [EvaluatorKeys] are about who scores.
final class SearchKeys {
    static final String GENOME = "genome";
    static final String STACK = "stack";
    static final int MOST_POINTS = 1000;

    private SearchKeys() {}

    static List<Key> evolution() {
        return List.of(
                Key.of(
                        GENOME,
                        new Form.In(Section.GENOME),
                        "Models whose weights are searched, for each group of layers."),
                Key.of(
                        STACK,
                        new Form.In(Section.STACK),
                        "Blocks of layers that are chosen and put in order."),
                Key.of("name", Form.text(), "The report's title."),
                Key.required(
                        "tasks",
                        Form.listOf(Form.anyOf(Form.text(), new Form.In(Section.TASK))),
                        "What candidates are scored on."),
                EvaluatorKeys.evaluator(),
                Key.of("limit", Form.count(1), "Most items of a task that the search asks."),
                Key.of("num_fewshot", Form.count(0), "Examples before each question, for lm_eval."),
                Key.of(
                        "shuffle",
                        new Form.Flag(),
                        "Whether `limit` draws its items instead of taking the first ones. Default:"
                                + " false."),
                Key.of(
                        "random_init",
                        new Form.Flag(),
                        "Whether the search begins at a random point. Default: false."),
                Key.of(
                        "apply_chat_template",
                        new Form.Flag(),
                        "Whether questions are put into the model's chat template. Default: false."),
                Key.of(
                        "fewshot_as_multiturn",
                        new Form.Flag(),
                        "Whether the examples are turns of a chat, for lm_eval. Default: false."));
    }

    static List<Key> genome() {
        return List.of(
                Key.required(
                        "models",
                        Form.listOf(new Form.Model()),
                        "The models that are merged, each listed once."),
                Key.required(
                        "merge_method",
                        new Form.Words(GenomeReader.METHODS),
                        "How they are merged. Any other method takes a recipe with search marks."),
                TokenizerKeys.baseModel("The model that differences are taken from."),
                TokenizerKeys.source("tokenizer_source"),
                Key.of(
                        "layer_granularity",
                        Form.count(0),
                        "How many layers have their values together; it divides the number of layers."
                                + " Default: all of them."),
                Key.of(
                        "normalize",
                        new Form.Flag(),
                        "The method's parameter. Default: true for linear, ties and dare_ties."),
                Key.of(
                        "allow_negative_weights",
                        new Form.Flag(),
                        "Whether weights keep their sign. Default: false."),
                Key.of(
                        "filters",
                        new Form.ListOf(Form.text(), 0),
                        "Parts of tensors' names; tensors with such a part have values of their own."),
                Key.of(
                        "smooth",
                        new Form.Flag(),
                        "Whether values are interpolated between groups of layers. Default: false."));
    }

    static List<Key> stack() {
        return List.of(
                Key.required("blocks", Form.listOf(Section.BLOCK), "Blocks of layers."),
                Key.of("order", new Form.Flag(), "Whether the order is searched. Default: true."),
                Key.of(
                        "scale",
                        new Form.Interval(),
                        "`[low, high]` for blocks without one. Default: blocks are copied as they"
                                + " are."),
                Key.of("repeat", Form.count(1), "How often a block may be there. Default: 1."),
                TokenizerKeys.baseModel(
                        "The model whose tokenizer `tokenizer_source: base` takes."),
                TokenizerKeys.source("tokenizer_source"),
                TokenizerKeys.dtype());
    }

    static List<Key> block() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that the layers come from."),
                Key.required(
                        "layers",
                        new Form.Layers(),
                        "`[start, end]`, counted from 0, `end` not included."),
                Key.of("always", new Form.Flag(), "Whether it is never left out. Default: false."),
                Key.of(
                        "scale",
                        new Form.Interval(),
                        "`[low, high]`: a factor on what a layer adds is searched."));
    }

    static List<Key> mark() {
        return List.of(
                Key.of("search", new Form.Interval(), "A number in this range, `[low, high]`."),
                Key.of(
                        "scale",
                        Form.words("linear", "log"),
                        "Whether differences count or factors. Default: `linear`."),
                Key.of(
                        "step",
                        Form.number(),
                        "The number is this many times a whole one above low."),
                Key.of("choice", new Form.ListOf(new Form.Value(), 2), "One of these values."),
                Key.of(
                        "gradient",
                        new Form.Count(2, MOST_POINTS),
                        "So many numbers, which are spread over the layers."),
                Key.of(
                        "start",
                        new Form.Value(),
                        "Where the search begins. Default: the middle of a range, the first choice."));
    }

    static List<Key> task() {
        return List.of(
                Key.required(
                        "name", Form.text(), "The task's name; for lm_eval, one that it knows."),
                Key.of("weight", Form.number(), "How much the task counts. Default: 1."),
                Key.of(
                        "metric",
                        Form.text(),
                        "Such as `acc,none`. Default: the evaluator's usual one."),
                Key.of(
                        "file",
                        Form.text(),
                        "What is asked during the search: a file with an item of JSON a line."),
                Key.of(
                        "held_out",
                        Form.text(),
                        "What is asked at the end, to see whether what was found holds: a file, or"
                                + " for lm_eval a task."),
                Key.of(
                        "extract",
                        Form.text(),
                        "A regular expression: its first group, or else all that it matches, is the"
                                + " answer."));
    }
}
