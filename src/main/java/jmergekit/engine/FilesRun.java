package jmergekit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jmergekit.plan.PlannedFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.OutputFile;
import jmergekit.weights.IoReason;

/// Writes the files of a plan other than weights, index and cards.
public record FilesRun(BoundPlan bound) {
    /// Writes them into a folder, which is created if it does not exist.
    ///
    /// @return their names, with forward slashes
    /// @throws MergeException if one already exists or cannot be written, or an input changed
    public List<String> write(Path folder) {
        List<OutputFile> files = new ArrayList<>();
        for (PlannedFile file : bound.plan().files()) {
            files.add(bound.outputFile(file));
        }
        InputFiles used = InputFiles.of(bound.inputs().states(), Set.of(), files);
        used.check();
        files.forEach(f -> write(f, folder.resolve(f.name())));
        used.check();
        return files.stream().map(OutputFile::name).toList();
    }

    private static void write(OutputFile file, Path path) {
        try {
            Files.createDirectories(path.getParent());
            switch (file) {
                case OutputFile.Text text ->
                        Files.writeString(path, text.text(), StandardOpenOption.CREATE_NEW);
                case OutputFile.Copy copy -> Files.copy(copy.source(), path);
                case OutputFile.Made made -> throw new IllegalArgumentException(made.name());
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(path.toString(), "cannot be written: " + IoReason.of(e)), e);
        }
    }
}
