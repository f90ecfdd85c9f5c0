package jmergekit.recipes;

/// A layer of the output.
///
/// @param model where it comes from, by its number in the list of models
/// @param layer its number there
record ChosenLayer(int model, int layer) {}
