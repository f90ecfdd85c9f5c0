package jmergekit.schema;

import java.nio.file.Path;
import java.util.List;
import jmergekit.config.EvolveReader;
import jmergekit.config.LayerSlicesReader;
import jmergekit.config.MixtureReader;
import jmergekit.config.MultiReader;
import jmergekit.config.RecipeReader;
import jmergekit.problem.Problems;

/// What the parser says of a recipe of a kind.
///
/// @param folder that relative paths are looked for in
record Parser(SchemaKind kind, Path folder) {
    /// Errors and warnings.
    List<String> problems(String yaml) {
        Problems problems = new Problems();
        String name = "recipe.yml";
        switch (kind) {
            case MERGE, PYTORCH -> new RecipeReader(folder).read(name, yaml, problems);
            case MOE -> new MixtureReader(folder).read(name, yaml, problems);
            case MULTI -> new MultiReader(folder).read(name, yaml, problems);
            case EVOLVE -> new EvolveReader(folder).read(name, yaml, problems);
            case BAKLLAMA -> new LayerSlicesReader(folder).read(name, yaml, problems);
        }
        return problems.all().stream().map(Object::toString).toList();
    }
}
