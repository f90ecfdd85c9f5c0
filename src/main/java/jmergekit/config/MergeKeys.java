package jmergekit.config;

import java.util.List;

/// The keys of merge recipes.
final class MergeKeys {
    static final String MODELS = "models";
    static final String SLICES = "slices";
    static final String MODULES = "modules";
    static final String DEFAULT = "default";
    static final List<String> DEFAULTS = List.of("base");
    static final String STATISTICS = "statistics";

    private static final Form PARAMETERS = new Form.Parameters(false);
    private static final Form PARAMETERS_OF_MODEL = new Form.Parameters(true);

    private MergeKeys() {}

    static List<Key> recipe() {
        return List.of(
                Key.of(
                        "name",
                        Form.text(),
                        "A name that later recipes in the same file use for the result."),
                Key.required("merge_method", new Form.Named(Naming.METHOD), "The merge method."),
                Key.of(
                        MODELS,
                        Form.listOf(Section.MODEL),
                        "Models to merge as a whole. All must have the same number of layers."),
                Key.of(
                        SLICES,
                        Form.listOf(Section.SLICE),
                        "Slices of the output, from the first layers to the last."),
                Key.of(
                        MODULES,
                        new Form.MapOf(new Form.In(Section.MODULE)),
                        "For multimodal models: the name of each module, with its own `models` "
                                + "or `slices`."),
                TokenizerKeys.baseModel(
                        "The base model. Required by methods that merge task vectors."),
                Key.of(
                        "parameters",
                        PARAMETERS,
                        "The method's parameters, for all models without their own value."),
                Key.of(
                        DEFAULT,
                        new Form.Words(DEFAULTS),
                        "What becomes of tensors for which a parameter is set, but only with "
                                + "filters that do not match. `base`: they are the base model's."),
                TokenizerKeys.dtype(),
                Key.of(
                        "out_dtype",
                        new Form.Named(Naming.OUT_DTYPE),
                        "The dtype of the output, if it differs from `dtype`; or the format in "
                                + "which weights are quantised."),
                Key.of(
                        "tokenizer",
                        new Form.In(Section.TOKENIZER),
                        "The output's vocabulary. Embeddings and heads are merged token by token."),
                TokenizerKeys.source("tokenizer_source"),
                Key.of(
                        "chat_template",
                        new Form.Named(Naming.CHAT_TEMPLATE),
                        "The output's chat template: a built-in one, `auto` for the most common "
                                + "one among the models, or a Jinja template."),
                AdapterKeys.ofSpace(),
                AdapterKeys.ofRank(),
                Key.of(
                        "input_model_parameters",
                        new Form.MapOf(PARAMETERS_OF_MODEL),
                        "Parameters per model, keyed by the model's name in the recipe."));
    }

    static List<Key> model() {
        return List.of(
                Key.required("model", new Form.Model(), "The model."),
                statistics(),
                Key.of("parameters", PARAMETERS_OF_MODEL, "Parameter values for this model."));
    }

    private static Key statistics() {
        return Key.of(
                STATISTICS,
                Form.text(),
                "A file of statistics of this model, for methods that need one.");
    }

    static List<Key> slice() {
        return List.of(
                Key.required(
                        "sources",
                        Form.listOf(Section.SOURCE),
                        "The layers to merge into the slice. All sources must have the same "
                                + "number of layers."),
                TokenizerKeys.baseModel("The base model for this slice, instead of the recipe's."),
                Key.of("parameters", PARAMETERS, "The method's parameters for this slice."));
    }

    static List<Key> source() {
        return List.of(
                Key.required("model", new Form.Model(), "The model that provides the layers."),
                statistics(),
                Key.of(
                        "layer_range",
                        new Form.Layers(),
                        "`[start, end]`, counted from 0, `end` exclusive. Default: all layers."),
                Key.of("parameters", PARAMETERS_OF_MODEL, "Parameter values for this source."));
    }

    static List<Key> module() {
        return List.of(
                Key.of(
                        MODELS,
                        Form.listOf(Section.MODEL),
                        "Models whose module is merged as a " + "whole."),
                Key.of(SLICES, Form.listOf(Section.SLICE), "Slices of this module of the output."),
                Key.of("parameters", PARAMETERS, "The method's parameters for this module."));
    }

    static List<Key> clause() {
        return List.of(
                Key.of(
                        "filter",
                        new Form.Text("^$|\\S"),
                        "A substring of the names of the tensors that get this value. Without "
                                + "it, or with `*`: all tensors that no entry above matches."),
                Key.required("value", new Form.Value(), "A number, a gradient, a word or a list."));
    }
}
