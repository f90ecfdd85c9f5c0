package jmergekit.hub;

import java.util.function.Predicate;

/// What is downloaded of a model when it is looked at.
///
/// @param atOnce whether a file, by its path in the repository
/// @param wholeWeights whether weights may be, if their format tells what is in a file only at its end
public record DownloadScope(Predicate<String> atOnce, boolean wholeWeights) {}
