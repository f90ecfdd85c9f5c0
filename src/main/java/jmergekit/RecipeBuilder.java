package jmergekit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Puts the recipe of a merge together. It becomes YAML and is checked as any other recipe.
///
/// A value is a number, a flag, a text, or a list or map of values, as in YAML: a list is a gradient
/// over the layers.
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

    /// The base model: a folder, or a model of the hub.
    public RecipeBuilder base(String model) {
        return set("base_model", model);
    }

    /// A model without parameters of its own.
    public RecipeBuilder model(String model) {
        return model(model, _ -> {});
    }

    /// A model with parameters of its own: `model("org/chat", p -> p.set("weight", 0.5))`.
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

    /// A model that is what another recipe makes; its tensors are made when they are needed.
    ///
    /// @param name what this recipe calls it, also in [#base] and [#layers]; without `+` and `@`
    public RecipeBuilder model(String name, Recipe recipe, Consumer<ModelParameters> own) {
        return with(name, recipe).model(name, own);
    }

    /// Lets a name mean what another recipe makes, for [#base], [#model(String)] and [#layers]. That is
    /// kept in float32, whatever the recipe's dtype, which still counts for an output without one.
    ///
    /// @param name without `+` and `@`
    public RecipeBuilder with(String name, Recipe recipe) {
        if (name.isBlank() || name.contains("+") || name.contains("@")) {
            throw new IllegalArgumentException("no name for a recipe: '" + name + "'");
        }
        inner.put(name, recipe);
        return this;
    }

    /// A slice with layers of one model, from the first to before the last. Slices are stacked in the
    /// order of the calls.
    public RecipeBuilder layers(String model, int first, int end) {
        Map<String, Object> layers = new LinkedHashMap<>();
        layers.put("model", model);
        layers.put("layer_range", List.of(first, end));
        slices.add(Map.of("sources", List.of(layers)));
        return this;
    }

    /// A parameter of the method, or one for all models.
    public RecipeBuilder parameter(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    /// The dtype of the arithmetic's inputs and of the output, such as `bfloat16`.
    public RecipeBuilder dtype(String name) {
        return set("dtype", name);
    }

    /// Any other key of a recipe, such as `tokenizer`, `slices` or `chat_template`.
    public RecipeBuilder set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /// The recipe as it is now.
    ///
    /// @throws IllegalArgumentException if a value is none that YAML has
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
