package jmergekit.cli;

import picocli.CommandLine.Parameters;

/// The arguments of the commands that make a model as a recipe says.
final class RecipePaths {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    String output;
}
