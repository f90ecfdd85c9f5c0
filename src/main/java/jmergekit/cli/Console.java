package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;

/// Where a command runs and where it prints: results to `out`, everything else to `err`.
///
/// @param environment the environment's variables
record Console(
        Path workingDirectory, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    /// `error: …` or `warning: …`
    void report(Problem problem) {
        err.println((problem.severity() == Severity.ERROR ? "error: " : "warning: ") + problem);
        err.flush();
    }

    void info(String line) {
        err.println(line);
        err.flush();
    }

    /// Admits a defect of the program.
    void bug(Exception e) {
        err.println(
                "error: this is a defect of jmergekit, not of your recipe; please report it with"
                        + " what follows");
        e.printStackTrace(err);
        err.flush();
    }

    /// A path of the command line or a recipe.
    Path resolve(String path) {
        String home = System.getProperty("user.home", "");
        String expanded =
                path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
        return workingDirectory.resolve(expanded).normalize();
    }
}
