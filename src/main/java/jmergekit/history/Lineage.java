package jmergekit.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.weights.LocalPath;

/// A model, the models it was made from, and their parents in turn.
///
/// @param name as in the recipe of its child
/// @param role in that recipe, such as `base`; may be empty
/// @param place what is known about its location
/// @param origin how it was made; empty if its folder is not on this machine
public record Lineage(
        String name, String role, Place place, Optional<Origin> origin, List<Lineage> parents) {
    /// The most models in a tree; further ones are ignored. Each model's parents are listed only
    /// once.
    private static final int MOST = 1000;

    private static final int DEEPEST = 50;

    /// What is known about a model's location.
    public enum Place {
        /// Its folder, or its file of weights, is on this machine.
        HERE,
        /// It is listed elsewhere in the tree, with its parents.
        LISTED,
        /// No such folder exists on this machine: it is a name on a hub, or a folder that was
        /// removed.
        ELSEWHERE
    }

    public Lineage {
        parents = List.copyOf(parents);
    }

    /// The tree of a model.
    ///
    /// @param name as the user typed it
    /// @param folder of the model
    /// @param workingDirectory base of relative paths in recipes; each folder's own parent is
    ///     searched as well
    public static Lineage of(String name, Path folder, Path workingDirectory) {
        return new Search(workingDirectory).of(name, "", Optional.of(folder), 0);
    }

    private static final class Search {
        private final Path workingDirectory;
        private final Set<Path> met = new HashSet<>();
        private int count;

        Search(Path workingDirectory) {
            this.workingDirectory = workingDirectory;
        }

        Lineage of(String name, String role, Optional<Path> folder, int depth) {
            count++;
            if (folder.isEmpty() || depth > DEEPEST || count > MOST) {
                return new Lineage(name, role, Place.ELSEWHERE, Optional.empty(), List.of());
            }
            if (!met.add(real(folder.get()))) {
                return new Lineage(name, role, Place.LISTED, Optional.empty(), List.of());
            }
            Origin origin = Origin.of(folder.get(), workingDirectory);
            List<Lineage> parents = new ArrayList<>();
            for (Origin.Parent parent : origin.parents()) {
                Optional<Path> place = folder(parent.name(), folder.get());
                parents.add(of(parent.name(), parent.role(), place, depth + 1));
            }
            return new Lineage(name, role, Place.HERE, Optional.of(origin), parents);
        }

        private static Path real(Path folder) {
            try {
                return folder.toRealPath();
            } catch (IOException e) {
                return folder.toAbsolutePath().normalize();
            }
        }

        private Optional<Path> folder(String name, Path child) {
            Optional<Path> here = folderIn(name, workingDirectory);
            Path beside = child.toAbsolutePath().getParent();
            return here.isPresent() || beside == null ? here : folderIn(name, beside);
        }

        private static Optional<Path> folderIn(String name, Path directory) {
            try {
                ModelReference reference =
                        ModelReference.parse(
                                name, path -> Files.exists(LocalPath.of(path, directory)));
                Path folder = LocalPath.of(reference.path(), directory).normalize();
                return Files.exists(folder) ? Optional.of(folder) : Optional.empty();
            } catch (InvalidPathException | MergeException e) {
                return Optional.empty();
            }
        }
    }
}
