package jmergekit.recipes;

/// The result of a shuffle.
///
/// @param text of the recipe
/// @param drawn the number of layers from each model, in words, with the probabilities if the
///     weights differ from them
public record ShuffledRecipe(String text, String drawn) {
    /// The first line of every such recipe.
    public static final String MARK = "# Layers shuffled by mergekit layershuffle";
}
