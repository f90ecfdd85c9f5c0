package jmergekit.hub;

import java.util.function.Predicate;

/// What is downloaded of a model when it is opened.
///
/// @param atOnce selects the files to download, by path in the repository
/// @param wholeWeights whether whole weight files may be downloaded if their format lists the
///     tensors only at the end of a file
public record DownloadScope(Predicate<String> atOnce, boolean wholeWeights) {}
