package jmergekit.plan;

/// A file of the output other than the weights and their index.
public sealed interface PlannedFile {
    /// Relative to the output folder, with forward slashes.
    String name();

    /// A file with this text, in UTF-8.
    record Text(String name, String text) implements PlannedFile {}

    /// A copy of a file from an input folder.
    ///
    /// @param folder as in [InputFile#folder]
    /// @param path in that folder, with forward slashes
    /// @param bytes its size
    record Copy(String name, String folder, String path, long bytes) implements PlannedFile {}
}
