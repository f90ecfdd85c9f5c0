package jmergekit;

import java.util.LinkedHashMap;
import java.util.Map;

/// The parameters of one model of a recipe.
public final class ModelParameters {
    private final Map<String, Object> values = new LinkedHashMap<>();

    ModelParameters() {}

    /// Sets a parameter, such as `weight`.
    ///
    /// @param value any value that [RecipeBuilder] accepts
    public ModelParameters set(String name, Object value) {
        values.put(name, value);
        return this;
    }

    Map<String, Object> values() {
        return values;
    }
}
