package jmergekit.output;

import java.nio.file.Path;

/// A file that the output copies unchanged.
///
/// @param name relative to the output folder, with forward slashes
/// @param source its current place
public record SideFile(String name, Path source) {}
