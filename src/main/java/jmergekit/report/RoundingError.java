package jmergekit.report;

/// How far a tensor as it was written is from the same in float32.
///
/// @param tensor its name
/// @param dtype that it was rounded to
/// @param relative the norm of the differences divided by that of the tensor; NaN if that is 0
/// @param largest the greatest magnitude of a difference
record RoundingError(String tensor, String dtype, double relative, double largest) {}
