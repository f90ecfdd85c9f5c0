package jmergekit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import jmergekit.hub.DownloadScope;
import jmergekit.hub.RepoId;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Leftovers;
import jmergekit.s3.ObjectPath;
import jmergekit.weights.IoReason;
import jmergekit.weights.LocalPath;
import jmergekit.weights.WeightFolder;

/// Finds what the path of a reference means: a folder on disk, or a model of the hub or of a store.
///
/// @param workingDirectory what relative paths are relative to
/// @param named folders that are meant by plain names, whatever else is called so
/// @param wholeWeights whether weights of the hub that show their tensors only as a whole are
///     downloaded to be looked at
/// @param refusals what is wrong already, instead of asking the hub
public record ModelLocator(
        Path workingDirectory,
        ModelSources sources,
        Map<String, Path> named,
        boolean wholeWeights,
        List<Problem> refusals) {
    /// What a plan reads besides headers: configurations, tokenizers and the index of the weights.
    private static final Pattern READ_BY_PLANS =
            Pattern.compile(
                    "(additional_chat_templates/)?[^/]+\\.(json|jinja|txt|model|tiktoken|spm|vocab|bpe)");

    private static final Pattern LOG =
            Pattern.compile("trainer_state\\.json|[a-z]+_results\\.json");

    public ModelLocator(Path workingDirectory, ModelSources sources) {
        this(workingDirectory, sources, Map.of(), true, List.of());
    }

    /// The same, with folders that are meant by plain names.
    public ModelLocator withNamed(Map<String, Path> folders) {
        return new ModelLocator(
                workingDirectory, sources, Map.copyOf(folders), wholeWeights, refusals);
    }

    /// The same, for a run that downloads no weights.
    public ModelLocator withoutWeights() {
        return new ModelLocator(workingDirectory, sources, named, false, refusals);
    }

    /// The same, for a run whose options are wrong: a model of the hub adds their problems, and the
    /// hub is not asked.
    public ModelLocator refusing(List<Problem> wrong) {
        return new ModelLocator(workingDirectory, sources, named, wholeWeights, List.copyOf(wrong));
    }

    /// The folder, or empty after adding a problem.
    ///
    /// `s3://…` is one of a store. Else a folder on disk wins. Else a path that starts with `/`, `~` or `.` or has more than one slash
    /// is one that is missing; any other is the name of a model of the hub.
    ///
    /// @param where what messages call the model
    public Optional<WeightFolder> find(
            String path, Optional<String> revision, String where, Problems problems) {
        if (isInStore(path)) {
            return inStore(path, revision, where, problems);
        }
        Path folder;
        try {
            Path known = named.get(path);
            folder = known == null ? LocalPath.of(path, workingDirectory).normalize() : known;
        } catch (InvalidPathException e) {
            problems.add(Problem.input(where, "not a valid path"));
            return Optional.empty();
        }
        bringBack(folder, where, problems);
        if (Files.isDirectory(folder)) {
            if (revision.isPresent()) {
                problems.add(
                        Problem.input(
                                        where,
                                        "a folder on disk has no revisions; '@' and what follows ignored")
                                .asWarning());
            }
            return Optional.of(WeightFolder.onDisk(folder));
        }
        Optional<RepoId> id = isLocal(path) ? Optional.empty() : RepoId.of(path);
        if (Files.exists(folder) || id.isEmpty()) {
            problems.add(missing(where, folder));
            return Optional.empty();
        }
        return onHub(
                id.get(), revision, ModelLocator::isReadByPlans, where, "folder", folder, problems);
    }

    /// Whether a path is that of a model in a store, whatever is on disk.
    public static boolean isInStore(String path) {
        return ObjectPath.isMeant(path);
    }

    /// A folder of a store; empty after adding a problem.
    Optional<WeightFolder> inStore(
            String path, Optional<String> revision, String where, Problems problems) {
        if (revision.isPresent()) {
            problems.add(
                    Problem.input(where, "objects of a store have no revisions")
                            .found("'@" + revision.get() + "'")
                            .hint("keys that hold '@' or '+' cannot be named"));
            return Optional.empty();
        }
        if (!refusals.isEmpty()) {
            refusals.forEach(problems::add);
            return Optional.empty();
        }
        try {
            return ObjectPath.of(path)
                    .map(p -> sources.stores().open(p, wholeWeights, where, problems));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    /// Whether a path can only be that of a folder on disk, and there is none; the hub is not asked.
    public boolean misses(String path) {
        try {
            return !isInStore(path)
                    && isLocal(path)
                    && !named.containsKey(path)
                    && !Files.isDirectory(LocalPath.of(path, workingDirectory).normalize());
        } catch (InvalidPathException e) {
            return true;
        }
    }

    // A run that was to replace it may have been killed in between.
    private static void bringBack(Path folder, String where, Problems problems) {
        try {
            Leftovers.bringBack(folder)
                    .forEach(note -> problems.add(Problem.input(where, note).asWarning()));
        } catch (IOException e) {
            problems.add(
                    Problem.input(where, "the folder around it cannot be read: " + IoReason.of(e))
                            .asWarning());
        }
    }

    /// A repository of the hub, of which some small files are downloaded at once; empty after adding a
    /// problem.
    ///
    /// @param atOnce which, by their path in it
    /// @param kind of what the name may have been meant for on disk: a file or a folder
    /// @param path of that
    Optional<WeightFolder> onHub(
            RepoId id,
            Optional<String> revision,
            Predicate<String> atOnce,
            String where,
            String kind,
            Path path,
            Problems problems) {
        if (!refusals.isEmpty()) {
            refusals.forEach(problems::add);
            return Optional.empty();
        }
        try {
            DownloadScope scope = new DownloadScope(atOnce, wholeWeights);
            return Optional.of(sources.hub().open(id, revision, scope, where, problems));
        } catch (MergeException e) {
            // What is wrong with a single file says that the hub has the model.
            e.problems()
                    .forEach(p ->
                            problems.add(p.where().equals(where) ? orOnDisk(p, kind, path) : p));
            return Optional.empty();
        }
    }

    /// Whether a path cannot be meant for the hub, by the way it begins.
    static boolean isPlainlyLocal(String path) {
        return path.startsWith("/") || path.startsWith("~") || path.startsWith(".");
    }

    private static boolean isLocal(String path) {
        return isPlainlyLocal(path) || path.chars().filter(c -> c == '/').count() > 1;
    }

    /// Whether a plan reads files of this name, besides weights.
    ///
    /// @param path in the model's folder
    public static boolean isReadByPlans(String path) {
        return READ_BY_PLANS.matcher(path).matches() && !LOG.matcher(path).matches();
    }

    private static Problem missing(String where, Path folder) {
        if (Files.exists(folder)) {
            return BareFile.problem(where, folder);
        }
        return Problem.input(where, "no such model folder")
                .hint(
                        "check the path; relative ones count from the working directory, and"
                                + " models of the hub are written 'organisation/name'");
    }

    private static Problem orOnDisk(Problem problem, String kind, Path path) {
        if (problem.exitCode() != ExitCode.INPUT) {
            return problem;
        }
        String none = "there is no %s '%s' either".formatted(kind, path);
        return problem.hint(problem.hint() == null ? none : problem.hint() + "; " + none);
    }
}
