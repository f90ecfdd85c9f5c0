package jmergekit.engine;

import jmergekit.source.QuantisationLoss;

/// How far a quantised tensor of the output is from the merged values.
///
/// @param tensor its name in the output
public record QuantisationError(String tensor, QuantisationLoss loss) {}
