package jmergekit.recipes;

/// What a shuffle comes to.
///
/// @param text of the recipe
/// @param drawn how many layers come from each model, in words, and by which probabilities if the weights
///     are none
public record ShuffledRecipe(String text, String drawn) {
    /// What the text of each begins with.
    public static final String MARK = "# Layers shuffled by mergekit layershuffle";
}
