package jmergekit.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.ReferenceText;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.evolve.SearchedRecipe.Kind;
import jmergekit.model.ModelReference;

/// The models that a search has to beat.
///
/// @param parents that go into the merge, in their order
/// @param base the reference for task vectors, unless it is a parent
/// @param equal models for the merge in equal parts; there is none for fewer than two
/// @param dtype recipe lines for the dtype of all models
/// @param vocabulary recipe lines for the tokenizer of the merge in equal parts
record Baselines(
        List<ModelReference> parents,
        Optional<ModelReference> base,
        List<ModelReference> equal,
        String dtype,
        String vocabulary) {

    List<Baseline> list() {
        List<Baseline> all = new ArrayList<>();
        parents.stream().distinct().forEach(p -> all.add(whole(p, Kind.PARENT)));
        base.filter(b -> !parents.contains(b)).ifPresent(b -> all.add(whole(b, Kind.BASE)));
        List<ModelReference> merged = equal.stream().distinct().toList();
        if (merged.size() > 1) {
            all.add(new Baseline("equal weights", average(merged), Kind.EQUAL));
        }
        return all;
    }

    private Baseline whole(ModelReference model, Kind kind) {
        String recipe = "merge_method: passthrough\nmodels:\n" + entry(model) + dtype;
        return new Baseline(model.toString(), recipe, kind);
    }

    private String average(List<ModelReference> models) {
        StringBuilder recipe = new StringBuilder("merge_method: linear\nmodels:\n");
        models.stream().map(Baselines::entry).forEach(recipe::append);
        return recipe.append("parameters:\n  weight: 1.0\n  normalize: true\n")
                .append(dtype)
                .append(vocabulary)
                .toString();
    }

    private static String entry(ModelReference model) {
        return "  - model: " + ReferenceText.of(model) + "\n";
    }
}
