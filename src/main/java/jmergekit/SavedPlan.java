package jmergekit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.method.MergeMethods;
import jmergekit.model.InputFile;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.output.SideFiles;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.FolderFile;
import jmergekit.weights.FolderState;
import jmergekit.weights.IoReason;
import jmergekit.weights.LocalPath;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// Finds the folders and files of a plan that was made elsewhere, and compares them with the plan.
/// The plan may come from anybody: only files that our own plans would copy are copied from the
/// folders it names.
///
/// @param methods known to the session
/// @param problems receives differences from the plan
record SavedPlan(Plan plan, MergeMethods methods, ModelLocator models, Problems problems) {
    private static final String HINT = "plan again";

    BoundPlan bind() {
        checkComplete();
        new SavedMethods(plan, methods, problems).check();
        checkNames();
        problems.throwIfErrors();
        try {
            return found();
        } catch (InvalidPathException e) {
            throw new MergeException(
                    Problem.input("plan", "names a file whose name is invalid on this system")
                            .found("'" + e.getInput() + "'"),
                    e);
        }
    }

    private void checkComplete() {
        plan.missing().stream()
                .findFirst()
                .map(name ->
                        Problem.input("plan", "lacks values that are computed at run time")
                                .found("no values of '" + name + "'")
                                .hint(
                                        "write it with 'mergekit plan' or MergePlan.toJson(), which compute them"))
                .ifPresent(problems::add);
    }

    private void checkNames() {
        for (InputFile file : plan.inputFiles()) {
            String name = file.name();
            if (ModelFolder.FORMATS.stream().noneMatch(f -> name.endsWith(f.suffix()))) {
                problems.add(
                        Problem.input("plan", "names a weight file of unknown format")
                                .found("'" + name + "'"));
            }
        }
    }

    private BoundPlan found() {
        Map<String, WeightFolder> folders = new LinkedHashMap<>();
        for (String name : plan.folders()) {
            find(name).ifPresent(folder -> folders.put(name, folder));
        }
        problems.throwIfErrors();
        Map<String, List<InputFile>> files = new LinkedHashMap<>();
        plan.inputFiles()
                .forEach(f -> files.computeIfAbsent(f.folder(), _ -> new ArrayList<>()).add(f));
        files.forEach((name, inFolder) -> check(folders.get(name), inFolder));
        for (PlannedFile file : plan.files()) {
            if (file instanceof PlannedFile.Copy copy) {
                check(folders.get(copy.folder()).path(), copy);
            }
        }
        Map<String, Path> paths = new LinkedHashMap<>();
        folders.forEach((name, folder) -> paths.put(name, folder.path()));
        List<FolderState> states = folders.values().stream().map(WeightFolder::state).toList();
        return new BoundPlan(plan, new InputFolders(paths, states));
    }

    private Optional<WeightFolder> find(String name) {
        try {
            ModelReference reference = ModelReference.parse(name, this::isFolder);
            return models.find(reference.path(), reference.revision(), name, problems);
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private boolean isFolder(String path) {
        return Files.isDirectory(LocalPath.of(path, models.workingDirectory()));
    }

    private void check(WeightFolder folder, List<InputFile> files) {
        for (WeightFormat format : ModelFolder.FORMATS) {
            List<InputFile> ofFormat =
                    files.stream().filter(f -> f.name().endsWith(format.suffix())).toList();
            List<String> names = ofFormat.stream().map(InputFile::name).toList();
            if (!names.stream().allMatch(folder::holds)) {
                names.stream()
                        .filter(n -> !folder.holds(n))
                        .map(n -> Problem.input(folder.path().resolve(n).toString(), "is gone"))
                        .forEach(problems::add);
                continue;
            }
            folder.prepare(format, names);
            ofFormat.forEach(f -> check(folder, format, f));
        }
    }

    private void check(WeightFolder folder, WeightFormat format, InputFile file) {
        try {
            WeightHeader header = folder.header(format, file.name());
            String where = header.file().toString();
            String commit = ModelFolder.commit(header.file());
            // A copied folder has no commit.
            if (!file.commit().isEmpty() && !commit.isEmpty() && !commit.equals(file.commit())) {
                problems.add(
                        Problem.input(where, "is from a different commit than the plan expects")
                                .expected(file.commit())
                                .found(commit)
                                .hint(HINT));
            } else if (header.fileSize() != file.bytes()) {
                problems.add(otherSize(where, file.bytes(), header.fileSize()));
            } else if (!header.digest().equals(file.header())) {
                problems.add(
                        Problem.input(where, "holds different tensors from those in the plan")
                                .hint(HINT));
            }
        } catch (MergeException e) {
            problems.add(e);
        }
    }

    private void check(Path folder, PlannedFile.Copy copy) {
        Path file = folder.resolve(copy.path());
        try {
            if (!SideFiles.wanted(folder, true).test(copy.path())) {
                problems.add(
                        Problem.input("plan", "copies a file that is not copied from models")
                                .found("'" + file + "'"));
                return;
            }
        } catch (MergeException e) {
            problems.add(e);
            return;
        }
        FolderFile.problem(folder, file, file.toString())
                .ifPresentOrElse(problems::add, () -> check(file, copy.bytes()));
    }

    // A missing file may still be downloaded.
    private void check(Path file, long bytes) {
        try {
            if (Files.exists(file) && Files.size(file) != bytes) {
                problems.add(otherSize(file.toString(), bytes, Files.size(file)));
            }
        } catch (IOException e) {
            problems.add(Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)));
        }
    }

    private static Problem otherSize(String where, long planned, long found) {
        return Problem.input(where, "differs from the file in the plan")
                .expected(planned + " bytes")
                .found(Long.toString(found))
                .hint(HINT);
    }
}
