package jmergekit.moe;

/// The numbers of a mixture that its config.json states.
///
/// @param perToken how many experts see each token
/// @param width rows of the experts' gate and up matrices
/// @param sharedWidth the same of the shared expert, or 0 without one
record MixtureSize(int experts, int perToken, int shared, long width, long sharedWidth) {}
