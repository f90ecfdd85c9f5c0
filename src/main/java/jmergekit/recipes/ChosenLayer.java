package jmergekit.recipes;

/// A layer of the output.
///
/// @param model the model it comes from, as an index into the list of models
/// @param layer its number in that model
record ChosenLayer(int model, int layer) {}
