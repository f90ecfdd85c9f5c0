package jmergekit.report;

/// The difference between a tensor as written and in float32.
///
/// @param tensor its name
/// @param dtype the dtype it was rounded to
/// @param relative the norm of the differences divided by the norm of the tensor; NaN if that is 0
/// @param largest the largest absolute difference
record RoundingError(String tensor, String dtype, double relative, double largest) {}
