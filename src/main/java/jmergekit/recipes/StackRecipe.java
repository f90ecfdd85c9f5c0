package jmergekit.recipes;

import java.util.List;
import java.util.Optional;

/// The recipe that stacks layers unchanged.
final class StackRecipe {
    private StackRecipe() {}

    /// The YAML text, with a slice for each run.
    ///
    /// @param runs at least one, from the first layers to the last
    static String text(List<LayerRun> runs, Optional<String> dtype) {
        StringBuilder text = new StringBuilder("merge_method: passthrough\nslices:\n");
        for (LayerRun run : runs) {
            text.append("  - sources:\n      - model: ")
                    .append(YamlWord.of(run.model()))
                    .append("\n        layer_range: [%d, %d]\n".formatted(run.start(), run.end()));
        }
        dtype.ifPresent(d -> text.append("dtype: ").append(d).append('\n'));
        return text.toString();
    }
}
