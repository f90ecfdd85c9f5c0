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

/// A model with those that it was made of, and those that these were made of.
///
/// @param name as the recipe of its child has it
/// @param role in that, such as `base`; may be empty
/// @param place what is known of where it lies
/// @param origin how it was made; empty if its folder is not on this machine
public record Lineage(
        String name, String role, Place place, Optional<Origin> origin, List<Lineage> parents) {
    /// Models in a tree. Each is listed with its parents once; more are not looked at.
    private static final int MOST = 1000;

    private static final int DEEPEST = 50;

    /// What is known of where a model lies.
    public enum Place {
        /// Its folder, or its file of weights, is on this machine.
        HERE,
        /// It stands elsewhere in the tree, where its parents are.
        LISTED,
        /// There is no such folder on this machine: a name of a hub, or a folder that is gone.
        ELSEWHERE
    }

    public Lineage {
        parents = List.copyOf(parents);
    }

    /// The tree of a model.
    ///
    /// @param name as it was typed
    /// @param folder of it
    /// @param workingDirectory what relative paths of recipes are relative to; each folder's own parent is
    ///     looked in as well
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
