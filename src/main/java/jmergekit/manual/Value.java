package jmergekit.manual;

import java.util.List;

/// What an option or argument may be.
public sealed interface Value {
    /// One of these.
    record Words(List<String> words) implements Value {
        public Words {
            words = List.copyOf(words);
        }
    }

    /// A file, or a folder on the way to one.
    record AnyFile() implements Value {}

    /// A folder.
    record Folder() implements Value {}

    /// Anything.
    record Free() implements Value {}
}
