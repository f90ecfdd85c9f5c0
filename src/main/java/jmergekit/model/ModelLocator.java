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

/// Resolves the path of a reference: a folder on disk, or a model on the hub or in a store.
///
/// @param workingDirectory the base of relative paths
/// @param named folders with plain names, which take precedence over everything else
/// @param wholeWeights whether whole weight files of the hub may be downloaded if their tensors are
///     known only after that
/// @param refusals known problems, reported instead of contacting the hub
public record ModelLocator(
        Path workingDirectory,
        ModelSources sources,
        Map<String, Path> named,
        boolean wholeWeights,
        List<Problem> refusals) {
    /// The files that a plan reads in addition to headers: configurations, tokenizers and the index
    /// of the weights.
    private static final Pattern READ_BY_PLANS =
            Pattern.compile(
                    "(additional_chat_templates/)?[^/]+\\.(json|jinja|txt|model|tiktoken|spm|vocab|bpe)");

    private static final Pattern LOG =
            Pattern.compile("trainer_state\\.json|[a-z]+_results\\.json");

    public ModelLocator(Path workingDirectory, ModelSources sources) {
        this(workingDirectory, sources, Map.of(), true, List.of());
    }

    /// The same with folders that have plain names.
    public ModelLocator withNamed(Map<String, Path> folders) {
        return new ModelLocator(
                workingDirectory, sources, Map.copyOf(folders), wholeWeights, refusals);
    }

    /// The same, for a run that downloads no weights.
    public ModelLocator withoutWeights() {
        return new ModelLocator(workingDirectory, sources, named, false, refusals);
    }

    /// The same for a run whose options are wrong: if a model is on the hub, their problems are
    /// reported, and the hub is not contacted.
    public ModelLocator refusing(List<Problem> wrong) {
        return new ModelLocator(workingDirectory, sources, named, wholeWeights, List.copyOf(wrong));
    }

    /// The folder, or empty after adding a problem.
    ///
    /// `s3://…` is a model in a store. Otherwise a folder on disk wins. Otherwise a path that
    /// starts with `/`, `~` or `.`, or has more than one slash, is a missing folder; any other path
    /// is the name of a model on the hub.
    ///
    /// @param where the name of the model in messages
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
                                        "a folder on disk has no revisions; '@' and the text after"
                                                + " it are ignored")
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

    /// Whether a path is a model in a store, whatever is on disk.
    public static boolean isInStore(String path) {
        return ObjectPath.isMeant(path);
    }

    /// A folder in a store; empty after adding a problem.
    Optional<WeightFolder> inStore(
            String path, Optional<String> revision, String where, Problems problems) {
        if (revision.isPresent()) {
            problems.add(
                    Problem.input(where, "objects in a store have no revisions")
                            .found("'@" + revision.get() + "'")
                            .hint("keys that contain '@' or '+' are not supported"));
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

    /// Whether a path can only be a folder on disk, and that does not exist; the hub is not
    /// contacted.
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

    // A run that was going to replace the folder may have been killed in between.
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

    /// A repository of the hub, of which some small files are downloaded immediately; empty after
    /// adding a problem.
    ///
    /// @param atOnce selects these files, by their path in the repository
    /// @param kind what the name could also mean on disk: a file or a folder
    /// @param path the path of that file or folder
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
            // An error about a single file shows that the hub has the model.
            e.problems()
                    .forEach(p ->
                            problems.add(p.where().equals(where) ? orOnDisk(p, kind, path) : p));
            return Optional.empty();
        }
    }

    /// Whether the beginning of a path rules out the hub.
    static boolean isPlainlyLocal(String path) {
        return path.startsWith("/") || path.startsWith("~") || path.startsWith(".");
    }

    private static boolean isLocal(String path) {
        return isPlainlyLocal(path) || path.chars().filter(c -> c == '/').count() > 1;
    }

    /// Whether a plan reads files of this name, other than weights.
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
