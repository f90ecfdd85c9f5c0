package jmergekit.publish;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;
import org.jspecify.annotations.Nullable;

/// Where an output folder goes, and what would stop a run from putting it there. The folder appears
/// by a rename, so its parent must accept a new name.
///
/// @param given as on the command line, made absolute
/// @param target the same path with links resolved: a link to a folder stays, and that folder gets
///     the files
/// @param overwrite whether an earlier model there may be replaced
/// @param sync whether files are flushed to the disk before and after the rename
/// @param delivery takes finished shards elsewhere, if the output is not for this folder
public record OutputPlace(
        Path given, Path target, boolean overwrite, boolean sync, ShardDelivery delivery) {
    private static final String NAME_ONE_IN_IT =
            "a model is put in place as a whole folder; name one in it, such as '%s'";

    public static OutputPlace of(Path path, boolean overwrite, boolean sync) {
        return new OutputPlace(path, withoutLinks(path), overwrite, sync, ShardDelivery.NONE);
    }

    /// The same place for an output whose shards go elsewhere.
    OutputPlace with(ShardDelivery shards) {
        return new OutputPlace(given, target, overwrite, sync, shards);
    }

    private static Path withoutLinks(Path path) {
        try {
            if (Files.exists(path)) {
                return path.toRealPath();
            }
            Path parent = path.getParent();
            Path name = path.getFileName();
            if (parent != null && name != null && Files.exists(parent)) {
                return parent.toRealPath().resolve(name);
            }
        } catch (IOException e) {
            // The checks report what is wrong with it.
        }
        return path;
    }

    /// Restores what a killed run left, and removes the rest.
    ///
    /// @return the actions that the user should know about, in words
    public List<String> tidy() {
        if (target.getFileName() == null) {
            return List.of();
        }
        try {
            return Leftovers.tidy(target);
        } catch (IOException e) {
            return List.of(
                    "the leftovers of an earlier run next to it could not be removed: "
                            + IoReason.of(e));
        }
    }

    /// The shards that an earlier run of a plan left next to it.
    public PartialOutput partialOutput() {
        return new PartialOutput(target);
    }

    /// Finds what would stop a run from writing here, before it starts.
    ///
    /// @param workingDirectory of the command, whose folder must not disappear
    public void check(Path workingDirectory, Problems problems) {
        problem(workingDirectory).ifPresent(problems::add);
    }

    private Optional<Problem> problem(Path workingDirectory) {
        if (target.getFileName() == null) {
            return refused("is the root of the file system", null, NAME_ONE_IN_IT);
        }
        try {
            if (Files.isSymbolicLink(given) && !Files.exists(given)) {
                return refused(
                        "is a link to a folder that does not exist",
                        Files.readSymbolicLink(given).toString(),
                        "make that folder, or remove the link");
            }
            if (!exists()) {
                return parentProblem();
            }
            if (!Files.isDirectory(target)) {
                return refused("exists and is not a folder", null, "choose another name");
            }
            if (MountPoints.include(target)) {
                return refused("is a mount point", null, NAME_ONE_IN_IT);
            }
            if (isAbove(workingDirectory)) {
                return refused("holds the working directory", null, NAME_ONE_IN_IT);
            }
            Optional<Problem> inside = contentProblem();
            return inside.isPresent() ? inside : parentProblem();
        } catch (IOException e) {
            return refused("cannot be used: " + IoReason.of(e), null, "choose another folder");
        }
    }

    /// Whether something has this name. Throws if no file can have it.
    private boolean exists() throws IOException {
        try {
            Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            Path parent = existingParent();
            if (parent != null && !Files.isDirectory(parent)) {
                return false;
            }
            throw e;
        }
    }

    private Optional<Problem> contentProblem() throws IOException {
        if (FolderContent.isEmpty(target)) {
            return Optional.empty();
        }
        if (!overwrite) {
            return refused(
                    "the output folder is not empty",
                    null,
                    "give --overwrite to replace the model in it");
        }
        return replaceProblem(FolderContent.of(target));
    }

    /// The reason why a folder cannot be replaced, even with `--overwrite`.
    Optional<Problem> replaceProblem(FolderContent content) {
        if (!content.isOurs()) {
            return refused(
                    "the output folder holds something other than a model from jmergekit",
                    content.othersText(),
                    "--overwrite replaces only what jmergekit wrote; move the files elsewhere, or"
                            + " choose another folder");
        }
        if (!content.others().isEmpty()) {
            return refused(
                    "the output folder holds files that the model's run did not write, or that"
                            + " changed since",
                    content.othersText(),
                    "--overwrite replaces only what jmergekit wrote; move them elsewhere, or choose"
                            + " another folder");
        }
        return Optional.empty();
    }

    private Optional<Problem> parentProblem() throws IOException {
        Optional<Path> living = Leftovers.ofLivingRun(target);
        if (living.isPresent()) {
            return refused(
                    "another run is writing to this folder",
                    living.get().toString(),
                    "wait for it, or choose another folder");
        }
        Path existing = existingParent();
        if (existing == null) {
            return Optional.empty();
        }
        if (!Files.isDirectory(existing)) {
            return refused(existing + " is not a folder", null, "choose another folder");
        }
        if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
            return refused(
                    "no folder can be made in " + existing + ": permission denied, or read-only",
                    null,
                    "choose another folder");
        }
        return DiskSpace.takesFolders(existing)
                ? Optional.empty()
                : refused(
                        "no folder can be made in %s: its file system reports no size"
                                .formatted(existing),
                        null,
                        "choose another folder");
    }

    private @Nullable Path existingParent() {
        Path parent = target.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent;
    }

    /// The same checks for facts that only the plan has.
    ///
    /// @param inputs files and folders that the run reads and must not replace
    /// @param bytes of tensor data to write
    public void check(List<Path> inputs, long bytes, Problems problems) {
        inputs.stream()
                .filter(this::isAbove)
                .findFirst()
                .flatMap(input -> inputProblem(input))
                .ifPresent(problems::add);
        checkSpace(bytes, problems);
    }

    private Optional<Problem> inputProblem(Path input) {
        return isSame(target, input)
                ? refused(
                        "the output folder is also an input", null, "choose another output folder")
                : refused(
                        "the output folder holds an input",
                        input.toString(),
                        "choose another output folder");
    }

    private void checkSpace(long bytes, Problems problems) {
        Path existing = Files.exists(target) ? target : existingParent();
        long free = existing == null ? Long.MAX_VALUE : DiskSpace.free(existing);
        if (free < bytes - partialOutput().bytes()) {
            problems.add(
                    Problem.output(given.toString(), "not enough disk space")
                            .expected(ByteSize.text(bytes))
                            .found(ByteSize.text(free)));
        }
    }

    /// Whether a file or folder is this one, or in it, whatever path names it.
    private boolean isAbove(Path path) {
        if (!Files.isDirectory(target)) {
            return false;
        }
        try {
            for (Path p = path.toRealPath(); p != null; p = p.getParent()) {
                if (isSame(target, p)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return path.toAbsolutePath().normalize().startsWith(target);
        }
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return Files.exists(a) && Files.isSameFile(a, b);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Problem> refused(String what, @Nullable String found, String hint) {
        Problem problem =
                Problem.output(given.toString(), what).hint(hint.formatted(given.resolve("model")));
        return Optional.of(found == null ? problem : problem.found(found));
    }
}
