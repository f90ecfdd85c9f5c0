package jmergekit.engine;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jmergekit.model.ModelLocator;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import jmergekit.weights.FileState;
import jmergekit.weights.FolderState;

/// The files that an output is made of. They must stay as they are until it is published: one that
/// is written to or replaced meanwhile would be mixed into it.
public final class InputFiles {
    private final Map<Path, FileState> states = new TreeMap<>();

    private InputFiles() {}

    /// @param folders as they were before a file was read
    /// @param weights files that tensors are read from
    /// @param outputs files of the output, some of them copies
    public static InputFiles of(
            List<FolderState> folders, Set<Path> weights, Collection<OutputFile> outputs) {
        InputFiles inputs = new InputFiles();
        for (FolderState folder : folders) {
            folder.files()
                    .forEach((file, state) -> {
                        boolean read = ModelLocator.isReadByPlans(file.getFileName().toString());
                        if (read || weights.contains(file)) {
                            inputs.states.putIfAbsent(file, state);
                        }
                    });
        }
        weights.forEach(inputs::add);
        for (OutputFile output : outputs) {
            if (output instanceof OutputFile.Copy copy) {
                inputs.add(copy.source());
            }
        }
        return inputs;
    }

    private void add(Path file) {
        states.computeIfAbsent(file, FileState::of);
    }

    /// Throws a [jmergekit.problem.MergeException] that names the files that are no longer as they
    /// were.
    public void check() {
        Problems problems = new Problems();
        states.forEach((file, state) -> state.changeOf(file).ifPresent(problems::add));
        problems.throwIfErrors();
    }
}
