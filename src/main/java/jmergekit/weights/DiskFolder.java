package jmergekit.weights;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A folder whose files are all on disk.
record DiskFolder(Path path, FolderState state) implements WeightFolder {
    @Override
    public List<String> names() {
        if (!Files.isDirectory(path)) {
            throw new MergeException(
                    Problem.input(
                            path.toString(),
                            Files.exists(path) ? "is not a folder" : "does not exist"));
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(path.toString(), "cannot be listed: " + IoReason.of(e)), e);
        }
        return names;
    }

    @Override
    public boolean holds(String name) {
        return Files.exists(path.resolve(name));
    }

    @Override
    public WeightHeader header(WeightFormat format, String name) {
        return format.reader().apply(path.resolve(name));
    }
}
