package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.LayerSlice;
import jmergekit.config.LayerSlices;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The recipe that is equivalent to an old file with `layer_slices`.
public final class StackedSlices {
    private StackedSlices() {}

    /// The recipe; empty if the file needs something whose meaning was never documented.
    public static Optional<String> recipe(LayerSlices config, Problems problems) {
        List<LayerRun> runs = new ArrayList<>();
        // A slice without layers supplies the tensors before the layers: the embeddings.
        config.embeddingSource()
                .ifPresent(model -> runs.add(new LayerRun(model.value().toString(), 0, 0)));
        for (LayerSlice slice : config.slices()) {
            runs.add(
                    new LayerRun(
                            slice.model().value().toString(),
                            slice.range().start(),
                            slice.range().end()));
        }
        String last = runs.getLast().model();
        boolean refused =
                config.headSource().filter(h -> !h.value().toString().equals(last)).isPresent();
        if (refused) {
            problems.add(
                    Problem.recipe(
                                    config.headSource().orElseThrow().at(),
                                    "'lm_head_source' differs from the model of the last layers,"
                                            + " and it is not documented which model's final norm is used")
                            .expected("'" + last + "'")
                            .hint(
                                    "remove it, or write a recipe with 'slices' whose last one has"
                                            + " this model and 'layer_range: [0, 0]', which supplies both"));
            return Optional.empty();
        }
        return Optional.of(StackRecipe.text(runs, Optional.empty()));
    }
}
