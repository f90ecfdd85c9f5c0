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

    /// Whether any is known to be no longer as it was. A file that cannot be looked at is not.
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

    /// Throws a [jmergekit.problem.MergeException] that names the files that are no longer as they
    /// were.
    public void check() {
        Problems problems = new Problems();
        states.forEach((file, state) -> state.changeOf(file).ifPresent(problems::add));
        problems.throwIfErrors();
    }
}
