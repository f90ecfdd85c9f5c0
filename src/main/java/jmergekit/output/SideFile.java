package jmergekit.output;

import java.nio.file.Path;

/// A file that the output takes over as it is.
///
/// @param name relative to the output folder, with forward slashes
/// @param source where it is now
public record SideFile(String name, Path source) {}
