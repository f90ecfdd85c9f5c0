package jmergekit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Builds the recipe of a merge. The result is YAML and is checked like any other recipe.
///
/// A value is a number, a Boolean, a string, or a list or map of values, as in YAML. A list is a
/// gradient over the layers.
public final class RecipeBuilder {
    private final String source;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Object> models = new ArrayList<>();
    private final List<Object> slices = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final Map<String, Recipe> inner = new LinkedHashMap<>();

    RecipeBuilder(String source, String method) {
        this.source = source;
        settings.put("merge_method", method);
    }

    /// The base model: a folder, or a model on the hub.
    public RecipeBuilder base(String model) {
        return set("base_model", model);
    }

    /// A model without its own parameters.
    public RecipeBuilder model(String model) {
        return model(model, _ -> {});
    }

    /// A model with its own parameters: `model("org/chat", p -> p.set("weight", 0.5))`.
    public RecipeBuilder model(String model, Consumer<ModelParameters> own) {
        ModelParameters parametersOfModel = new ModelParameters();
        own.accept(parametersOfModel);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", model);
        if (!parametersOfModel.values().isEmpty()) {
            entry.put("parameters", parametersOfModel.values());
        }
        models.add(entry);
        return this;
    }

    /// A model that another recipe makes; its tensors are computed when they are needed.
    ///
    /// @param name what this recipe calls it, also in [#base] and [#layers]; must not contain `+`
    ///     or `@`
    public RecipeBuilder model(String name, Recipe recipe, Consumer<ModelParameters> own) {
        return with(name, recipe).model(name, own);
    }

    /// Names the result of another recipe, for use in [#base], [#model(String)] and [#layers]. Its
    /// tensors are kept in float32, whatever that recipe's dtype; the dtype still applies to an
    /// output that sets none.
    ///
    /// @param name must not contain `+` or `@`
    public RecipeBuilder with(String name, Recipe recipe) {
        if (name.isBlank() || name.contains("+") || name.contains("@")) {
            throw new IllegalArgumentException("invalid name for a recipe: '" + name + "'");
        }
        inner.put(name, recipe);
        return this;
    }

    /// A slice with layers of one model, `first` inclusive to `end` exclusive. Slices are stacked
    /// in the order of the calls.
    public RecipeBuilder layers(String model, int first, int end) {
        Map<String, Object> layers = new LinkedHashMap<>();
        layers.put("model", model);
        layers.put("layer_range", List.of(first, end));
        slices.add(Map.of("sources", List.of(layers)));
        return this;
    }

    /// A parameter of the method, or one that applies to all models.
    public RecipeBuilder parameter(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    /// The dtype of the inputs of the computation and of the output, such as `bfloat16`.
    public RecipeBuilder dtype(String name) {
        return set("dtype", name);
    }

    /// Any other key of a recipe, such as `tokenizer`, `slices` or `chat_template`.
    public RecipeBuilder set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /// Builds the recipe from what has been set so far.
    ///
    /// @throws IllegalArgumentException if a value cannot be written as YAML
    public Recipe build() {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        if (!models.isEmpty()) {
            all.put("models", models);
        }
        if (!slices.isEmpty()) {
            all.put("slices", slices);
        }
        if (!parameters.isEmpty()) {
            all.put("parameters", parameters);
        }
        return new Recipe(source, YamlText.of(all), inner);
    }
}
