package jmergekit.config;

import java.util.List;

/// The keys of merge recipes.
final class MergeKeys {
    static final String MODELS = "models";
    static final String SLICES = "slices";
    static final String MODULES = "modules";

    private static final Form PARAMETERS = new Form.Parameters(false);
    private static final Form PARAMETERS_OF_MODEL = new Form.Parameters(true);

    private MergeKeys() {}

    static List<Key> recipe() {
        return List.of(
                Key.of(
                        "name",
                        Form.text(),
                        "What a later recipe of the same file calls the result."),
                Key.required(
                        "merge_method",
                        new Form.Named(Naming.METHOD),
                        "How the models are merged."),
                Key.of(
                        MODELS,
                        Form.listOf(Section.MODEL),
                        "Models that are merged whole. All must have equally many layers."),
                Key.of(
                        SLICES,
                        Form.listOf(Section.SLICE),
                        "Slices of the output, from the first layers to the last."),
                Key.of(
                        MODULES,
                        new Form.MapOf(new Form.In(Section.MODULE)),
                        "For models of several parts: the name of each part, with `models` or"
                                + " `slices` of its own."),
                TokenizerKeys.baseModel(
                        "The model that differences are taken from. Methods that merge task vectors"
                                + " need it."),
                Key.of(
                        "parameters",
                        PARAMETERS,
                        "The method's parameters, for all models that have no value of their own."),
                TokenizerKeys.dtype(),
                Key.of(
                        "out_dtype",
                        new Form.Named(Naming.OUT_DTYPE),
                        "The output's number type, if it is given besides `dtype`; or in which form"
                                + " weights are quantised."),
                Key.of(
                        "tokenizer",
                        new Form.In(Section.TOKENIZER),
                        "The output's vocabulary: embeddings and heads are merged by token."),
                TokenizerKeys.source("tokenizer_source"),
                Key.of(
                        "chat_template",
                        new Form.Named(Naming.CHAT_TEMPLATE),
                        "The output's chat template: a built-in one, `auto` for the one that most"
                                + " models have, or a Jinja template."),
                Key.of(
                        "input_model_parameters",
                        new Form.MapOf(PARAMETERS_OF_MODEL),
                        "Parameters of models, by the name that each has where it is merged."));
    }

    static List<Key> model() {
        return List.of(
                Key.required("model", new Form.Model(), "The model."),
                Key.of("parameters", PARAMETERS_OF_MODEL, "This model's values of parameters."));
    }

    static List<Key> slice() {
        return List.of(
                Key.required(
                        "sources",
                        Form.listOf(Section.SOURCE),
                        "What is merged into the slice. All have equally many layers."),
                TokenizerKeys.baseModel("For this slice instead of the recipe's."),
                Key.of("parameters", PARAMETERS, "The method's parameters for this slice."));
    }

    static List<Key> source() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that the layers come from."),
                Key.of(
                        "layer_range",
                        new Form.Layers(),
                        "`[start, end]`, counted from 0, `end` not included. Default: all layers."),
                Key.of("parameters", PARAMETERS_OF_MODEL, "This source's values of parameters."));
    }

    static List<Key> module() {
        return List.of(
                Key.of(MODELS, Form.listOf(Section.MODEL), "Models whose part is merged whole."),
                Key.of(SLICES, Form.listOf(Section.SLICE), "Slices of this part of the output."),
                Key.of("parameters", PARAMETERS, "The method's parameters for this part."));
    }

    static List<Key> clause() {
        return List.of(
                Key.of(
                        "filter",
                        new Form.Text("^$|\\S"),
                        "A part of the names of the tensors that have this value. Without it, or"
                                + " with `*`: all that no entry above has."),
                Key.required("value", new Form.Value(), "A number, a gradient, a word or a list."));
    }
}
