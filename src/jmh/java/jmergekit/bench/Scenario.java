package jmergekit.bench;

import java.nio.file.Path;
import java.util.List;

/// A merge to be timed.
///
/// @param target most time the merge may take, in times of `cat` and `cp` of the same bytes
/// @param layers of the merged model
/// @param template the recipe, with `{base}`, `{a}` and `{b}` in place of model folders
record Scenario(String name, double target, int layers, String template) {
    private static final int LAYERS = ModelSet.LLAMA.layers();

    /// What the bench knows to time; a further method needs one entry here.
    static final List<Scenario> ALL =
            List.of(
                    new Scenario(
                            "linear",
                            1.7,
                            LAYERS,
                            """
                            merge_method: linear
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "passthrough",
                            1.2,
                            30,
                            """
                            merge_method: passthrough
                            slices:
                              - sources:
                                  - model: {a}
                                    layer_range: [0, 15]
                              - sources:
                                  - model: {b}
                                    layer_range: [7, 22]
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "slerp",
                            1.7,
                            LAYERS,
                            """
                            merge_method: slerp
                            base_model: {base}
                            models:
                              - model: {base}
                              - model: {a}
                            parameters:
                              t: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "task_arithmetic",
                            1.7,
                            LAYERS,
                            """
                            merge_method: task_arithmetic
                            base_model: {base}
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "ties",
                            3.0,
                            LAYERS,
                            """
                            merge_method: ties
                            base_model: {base}
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            parameters:
                              density: 0.5
                            dtype: bfloat16
                            """));

    static Scenario named(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /// The models that the recipe reads.
    List<String> models() {
        return ModelSet.MODELS.stream().filter(m -> template.contains(placeholder(m))).toList();
    }

    /// Bytes of the merged tensors of [ModelSet#FULL].
    long outputBytes() {
        return ModelSet.LLAMA.withLayers(layers).bytes();
    }

    /// The recipe for models in folders of `folder`.
    String recipe(Path folder) {
        String text = template;
        for (String model : ModelSet.MODELS) {
            text = text.replace(placeholder(model), "\"" + folder.resolve(model) + "\"");
        }
        return text;
    }

    private static String placeholder(String model) {
        return "{" + model + "}";
    }
}
