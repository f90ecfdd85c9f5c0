package jmergekit.engine;

import java.nio.file.Path;

/// A file of the output folder besides the weights.
public sealed interface OutputFile {
    /// Relative to the output folder, with forward slashes.
    String name();

    /// A file with this text.
    record Text(String name, String text) implements OutputFile {}

    /// A copy of a model's file.
    record Copy(String name, Path source) implements OutputFile {}
}
