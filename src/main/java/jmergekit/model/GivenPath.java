package jmergekit.model;

import java.nio.file.Path;

/// The path that the user gave for a model of loose tensors, for messages about its files.
///
/// @param written a weight file, an index of shards, or a folder
/// @param folder the folder of the files
record GivenPath(String written, Path folder) {
    private static final String INDEX = ".index.json";

    /// The name of a file in messages, in the user's terms; unchanged if the file is not in the
    /// folder.
    ///
    /// @param file its path, which begins with that of the folder
    String of(String file) {
        String prefix = folder + folder.getFileSystem().getSeparator();
        if (file.equals(folder.toString())) {
            return written;
        }
        if (!file.startsWith(prefix)) {
            return file;
        }
        String name = file.substring(prefix.length());
        if (written.equals(name) || written.endsWith("/" + name)) {
            return written;
        }
        // Shards are next to their index.
        String beside = written.substring(0, written.lastIndexOf('/') + 1);
        return (written.endsWith(INDEX) ? beside : written.replaceFirst("/*$", "/")) + name;
    }
}
