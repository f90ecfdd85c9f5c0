package jmergekit.model;

import java.nio.file.Path;

/// What the user wrote for a model of loose tensors, for messages about its files.
///
/// @param written a file of weights, an index of shards, or a folder
/// @param folder that the files are in
record GivenPath(String written, Path folder) {
    private static final String INDEX = ".index.json";

    /// What to call a file, by what the user wrote; as it is if it is not in the folder.
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
        // Shards lie beside their index.
        String beside = written.substring(0, written.lastIndexOf('/') + 1);
        return (written.endsWith(INDEX) ? beside : written.replaceFirst("/*$", "/")) + name;
    }
}
