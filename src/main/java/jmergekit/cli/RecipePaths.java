package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import picocli.CommandLine.Parameters;

/// The arguments of commands that make a model from a recipe.
final class RecipePaths {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    String output;

    /// The files the command reads.
    List<Path> read(Console console) {
        return List.of(console.resolve(recipe));
    }

    /// The merge recipe. Throws a [MergeException] with `problems` and all problems of the recipe.
    MergeConfig merge(Console console, Problems problems) {
        return new RecipeReader(console.workingDirectory(), console.methods())
                .read(console.resolve(recipe), recipe, problems)
                .orElseThrow(() -> new MergeException(problems.all()));
    }
}
