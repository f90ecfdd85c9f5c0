package jmergekit.config;

import java.util.List;

/// The keys of searches: the search space and the tasks. [EvaluatorKeys] configure the scoring.
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
                        "Models whose weights are searched for each group of layers."),
                Key.of(STACK, new Form.In(Section.STACK), "Blocks of layers to choose and order."),
                Key.of("name", Form.text(), "The report's title."),
                Key.required(
                        "tasks",
                        Form.listOf(Form.anyOf(Form.text(), new Form.In(Section.TASK))),
                        "The tasks to score candidates on."),
                EvaluatorKeys.evaluator(),
                Key.of(
                        "limit",
                        Form.count(1),
                        "Maximum number of items per task used during the " + "search."),
                Key.of(
                        "num_fewshot",
                        Form.count(0),
                        "Number of few-shot examples before each " + "question, for lm_eval."),
                Key.of(
                        "shuffle",
                        new Form.Flag(),
                        "Whether `limit` samples items at random instead of taking the first "
                                + "ones. Default: false."),
                Key.of(
                        "random_init",
                        new Form.Flag(),
                        "Whether the search starts at a random point. Default: false."),
                Key.of(
                        "apply_chat_template",
                        new Form.Flag(),
                        "Whether the model's chat template is applied to questions. Default: "
                                + "false."),
                Key.of(
                        "fewshot_as_multiturn",
                        new Form.Flag(),
                        "Whether few-shot examples are separate chat turns, for lm_eval. "
                                + "Default: false."));
    }

    static List<Key> genome() {
        return List.of(
                Key.required(
                        "models",
                        Form.listOf(new Form.Model()),
                        "The models to merge, each listed once."),
                Key.required(
                        "merge_method",
                        new Form.Words(GenomeReader.METHODS),
                        "The merge method. For any other method, use a recipe with search marks."),
                TokenizerKeys.baseModel("The base model."),
                TokenizerKeys.source("tokenizer_source"),
                Key.of(
                        "layer_granularity",
                        Form.count(0),
                        "Number of consecutive layers that share values; must divide the number "
                                + "of layers. Default: all layers."),
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
                        "Substrings of tensor names; matching tensors get their own values."),
                Key.of(
                        "smooth",
                        new Form.Flag(),
                        "Whether to interpolate values between groups of layers. Default: false."));
    }

    static List<Key> stack() {
        return List.of(
                Key.required("blocks", Form.listOf(Section.BLOCK), "Blocks of layers."),
                Key.of(
                        "order",
                        new Form.Flag(),
                        "Whether to search the order of blocks. " + "Default: true."),
                Key.of(
                        "scale",
                        new Form.Interval(),
                        "`[low, high]` for blocks without their own. Default: blocks are copied "
                                + "unchanged."),
                Key.of("repeat", Form.count(1), "How often a block may occur. Default: 1."),
                TokenizerKeys.baseModel("The model whose tokenizer `tokenizer_source: base` uses."),
                TokenizerKeys.source("tokenizer_source"),
                TokenizerKeys.dtype());
    }

    static List<Key> block() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that provides the layers."),
                Key.required(
                        "layers",
                        new Form.Layers(),
                        "`[start, end]`, counted from 0, `end` exclusive."),
                Key.of(
                        "always",
                        new Form.Flag(),
                        "Whether the block is always included. " + "Default: false."),
                Key.of(
                        "scale",
                        new Form.Interval(),
                        "`[low, high]`: searches a factor for the layers' contributions to the "
                                + "residual stream."));
    }

    static List<Key> mark() {
        return List.of(
                Key.of("search", new Form.Interval(), "A number in this range, `[low, high]`."),
                Key.of(
                        "scale",
                        Form.words("linear", "log"),
                        "Whether to search on a linear or log scale. Default: `linear`."),
                Key.of(
                        "step",
                        Form.number(),
                        "The distance between allowed values, counted from the low end."),
                Key.of("choice", new Form.ListOf(new Form.Value(), 2), "One of these values."),
                Key.of(
                        "gradient",
                        new Form.Count(2, MOST_POINTS),
                        "The number of control points, spread over the layers."),
                Key.of(
                        "start",
                        new Form.Value(),
                        "Where the search starts. Default: the middle of a range, or the first "
                                + "choice."));
    }

    static List<Key> task() {
        return List.of(
                Key.required(
                        "name",
                        Form.text(),
                        "The task's name; for lm_eval, the name of one of " + "its tasks."),
                Key.of(
                        "weight",
                        Form.number(),
                        "The weight of the task in the objective. " + "Default: 1."),
                Key.of(
                        "metric",
                        Form.text(),
                        "The metric, such as `acc,none`. Default: the evaluator's default."),
                Key.of(
                        "file",
                        Form.text(),
                        "The items used during the search: a file with one JSON item per line."),
                Key.of(
                        "held_out",
                        Form.text(),
                        "Held-out items, used at the end to check whether the result "
                                + "generalises: a file, or for lm_eval a task."),
                Key.of(
                        "extract",
                        Form.text(),
                        "A regular expression for the answer: its first group, or else the whole "
                                + "match."));
    }
}
