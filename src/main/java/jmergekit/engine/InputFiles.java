package jmergekit.engine;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jmergekit.model.ModelLocator;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import jmergekit.weights.FileState;
import jmergekit.weights.FolderState;

/// The files that an output is made from. They must not change until it is published: a file that
/// is modified or replaced during the run would mix old and new data.
public final class InputFiles {
    private final Map<Path, FileState> states = new TreeMap<>();

    private InputFiles() {}

    /// @param folders the state before any file was read
    /// @param weights files that tensors are read from
    /// @param outputs files of the output, some of which are copies
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

    /// Whether any file is known to have changed. A file that cannot be checked does not count.
    boolean changed() {
        return states.entrySet().stream().anyMatch(e -> isOther(e.getKey(), e.getValue()));
    }

    private static boolean isOther(Path file, FileState state) {
        try {
            return !FileState.of(file).equals(state);
        } catch (MergeException e) {
            return e.getCause() instanceof NoSuchFileException;
        }
    }

    /// Throws a [jmergekit.problem.MergeException] that names the files that have changed.
    public void check() {
        Problems problems = new Problems();
        states.forEach((file, state) -> state.changeOf(file).ifPresent(problems::add));
        problems.throwIfErrors();
    }
}
