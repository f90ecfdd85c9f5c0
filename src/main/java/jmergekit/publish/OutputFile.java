package jmergekit.publish;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// A file in the output folder other than the weights.
public sealed interface OutputFile {
    /// Relative to the output folder, with forward slashes.
    String name();

    /// A file with this text.
    record Text(String name, String text) implements OutputFile {}

    /// A file whose content is generated while it is written, since it may be large.
    record Made(String name, Content content) implements OutputFile {}

    /// The content of a file.
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// A copy of a model's file.
    record Copy(String name, Path source) implements OutputFile {}
}
