package jmergekit.weights;

import java.nio.file.Path;
import java.util.List;

/// One file of a folder, as if the folder contained nothing else.
///
/// @param folder the folder of the file, or one above it
/// @param file its path there, with forward slashes
/// @param state the state of the file before it was read, if known
record SingleFile(WeightFolder folder, String file, FolderState state) implements WeightFolder {
    @Override
    public Path path() {
        return folder.path().resolve(file).getParent();
    }

    private String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    @Override
    public List<String> names() {
        return List.of(name());
    }

    @Override
    public boolean holds(String name) {
        return name.equals(name());
    }

    @Override
    public void prepare(WeightFormat format, List<String> names) {
        folder.prepare(format, List.of(file));
    }

    @Override
    public WeightHeader header(WeightFormat format, String name) {
        return folder.header(format, file);
    }
}
