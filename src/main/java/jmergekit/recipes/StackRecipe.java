package jmergekit.recipes;

import java.util.List;
import java.util.Optional;

/// The recipe that stacks chosen layers as they are.
final class StackRecipe {
    private StackRecipe() {}

    /// The YAML text. Layers of a model that follow each other in it are one slice.
    ///
    /// @param title the first line, a comment
    /// @param models as recipes name them
    /// @param layers at least one, from the first to the last
    static String text(
            String title, List<String> models, List<ChosenLayer> layers, Optional<String> dtype) {
        StringBuilder text = new StringBuilder();
        text.append(title).append("\nmerge_method: passthrough\nslices:\n");
        int end = 0;
        for (int start = 0; start < layers.size(); start = end) {
            end = start + 1;
            while (end < layers.size() && follows(layers.get(end - 1), layers.get(end))) {
                end++;
            }
            ChosenLayer first = layers.get(start);
            text.append("  - sources:\n      - model: ")
                    .append(YamlWord.of(models.get(first.model())))
                    .append(
                            "\n        layer_range: [%d, %d]\n"
                                    .formatted(first.layer(), first.layer() + end - start));
        }
        dtype.ifPresent(d -> text.append("dtype: ").append(d).append('\n'));
        return text.toString();
    }

    private static boolean follows(ChosenLayer before, ChosenLayer after) {
        return before.model() == after.model() && before.layer() + 1 == after.layer();
    }
}
