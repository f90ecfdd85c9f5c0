package jmergekit.moe;

/// The sizes of a mixture for its config.json.
///
/// @param perToken number of experts that process each token
/// @param width rows of the experts' gate and up matrices
/// @param sharedWidth the same for the shared expert, or 0 if there is none
record MixtureSize(int experts, int perToken, int shared, long width, long sharedWidth) {}
