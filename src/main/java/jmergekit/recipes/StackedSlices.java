package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.LayerSlice;
import jmergekit.config.LayerSlices;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The recipe for what an old file of `layer_slices` describes.
public final class StackedSlices {
    private StackedSlices() {}

    /// The recipe; empty if the file asks for what its kind was never documented to mean.
    public static Optional<String> recipe(LayerSlices config, Problems problems) {
        List<LayerRun> runs = new ArrayList<>();
        // A slice without layers gives what stands before them: the embeddings.
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
                                    "'lm_head_source' is another model than that of the last layers,"
                                            + " and whose final norm is meant is not documented")
                            .expected("'" + last + "'")
                            .hint(
                                    "leave it out, or give a recipe with 'slices' whose last one has"
                                            + " this model and 'layer_range: [0, 0]': it gives both"));
            return Optional.empty();
        }
        return Optional.of(StackRecipe.text(runs, Optional.empty()));
    }
}
