package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import jmergekit.MergeProblem;
import jmergekit.method.MergeMethods;
import jmergekit.plugin.Plugins;
import jmergekit.problem.MergeException;
import jmergekit.problem.Printable;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;
import jmergekit.s3.ObjectPath;
import jmergekit.weights.LocalPath;

/// Where a command runs and where it prints: results to `out`, everything else to `err`.
///
/// @param environment the environment variables
/// @param paint for what goes to `err`
/// @param plugins merge methods from outside, which are loaded when a command first needs methods
record Console(
        Path workingDirectory,
        Map<String, String> environment,
        PrintWriter out,
        PrintWriter err,
        Paint paint,
        Plugins plugins) {
    /// URLs of other stores and servers. The operating system would treat them as paths and create
    /// a folder `gs:`.
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

    /// A console without colours.
    Console(
            Path workingDirectory,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err) {
        this(workingDirectory, environment, out, err, Paint.NONE);
    }

    Console(
            Path workingDirectory,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            Paint paint) {
        this(
                workingDirectory,
                environment,
                out,
                err,
                paint,
                new Plugins(environment, workingDirectory));
    }

    /// The merge methods that are available.
    ///
    /// @throws MergeException if there is something wrong with plugins
    MergeMethods methods() {
        return plugins.methods();
    }

    /// `error: …` or `warning: …`
    void report(Problem problem) {
        String hint = problem.hint();
        report(problem.severity(), problem.toString(), hint == null ? "" : Printable.of(hint));
    }

    /// The same for a problem reported by the library.
    void report(Severity severity, MergeProblem problem) {
        report(severity, problem.report(), problem.hint().map(Printable::of).orElse(""));
    }

    private void report(Severity severity, String report, String hint) {
        info(paint.label(severity) + " " + paint.report(report, hint));
    }

    void info(String line) {
        err.println(line);
        err.flush();
    }

    /// Reports a defect of the program.
    void bug(Exception e) {
        err.println(
                paint.label(Severity.ERROR)
                        + " this is a defect of jmergekit, not of your recipe; please report it with"
                        + " what follows");
        e.printStackTrace(err);
        err.flush();
    }

    /// Whether a path refers to an object store.
    static boolean isInStore(String path) {
        return ObjectPath.isMeant(path);
    }

    /// Whether a file or folder with this path exists on this machine.
    boolean has(String path) {
        return !isInStore(path) && Files.exists(resolve(path));
    }

    /// An output path for the library: on this machine or in a store.
    Path output(String path) {
        return isInStore(path) ? Path.of(path) : resolve(path);
    }

    /// Resolves a path given on the command line or in a recipe, on this machine.
    ///
    /// @throws MergeException if the path is not valid on this system
    Path resolve(String path) {
        if (isInStore(path)) {
            throw new MergeException(
                    Problem.usage(path, "must be on this machine, not in a store")
                            .hint(
                                    "only models can be read from a store, and only outputs "
                                            + "written to one"));
        }
        if (ADDRESS.matcher(path).matches()) {
            throw new MergeException(
                    Problem.usage(path, "neither a path on this machine nor in an object store")
                            .expected("a path without '://', or 's3://bucket/path'"));
        }
        try {
            return LocalPath.of(path, workingDirectory).normalize();
        } catch (InvalidPathException e) {
            throw new MergeException(
                    Problem.usage(path, "not a path that can be opened")
                            .hint(
                                    "if it contains non-ASCII characters, set a UTF-8 locale, "
                                            + "such as LC_ALL=C.UTF-8"),
                    e);
        }
    }
}
