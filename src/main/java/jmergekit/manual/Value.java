package jmergekit.manual;

import java.util.List;

/// The possible values of an option or argument.
public sealed interface Value {
    /// One of these.
    record Words(List<String> words) implements Value {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// A file, or a folder leading to one.
    record AnyFile() implements Value {}

    /// A folder.
    record Folder() implements Value {}

    /// Anything.
    record Free() implements Value {}
}
