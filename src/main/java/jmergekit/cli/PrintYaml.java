package jmergekit.cli;

import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// The option that prints the recipe which a command has written.
final class PrintYaml {
    @Option(
            names = "--print-yaml",
            negatable = true,
            description = "Print the recipe; with --dry-run instead of the plan.")
    boolean printYaml;

    /// Refuses to print two things in one place.
    void check(RunOptions run, Problems problems) {
        if (printYaml && run.dryRun && run.format == PlanFormat.JSON) {
            problems.add(
                    Problem.usage("--format json", "--print-yaml prints the recipe in its place")
                            .hint("give one of them"));
        }
    }

    /// Prints the recipe, if that was asked for.
    void print(String recipe, Console console) {
        if (printYaml) {
            console.out().print(recipe);
            console.out().flush();
        }
    }

    /// The same, and shows it among the messages if it was not asked for.
    ///
    /// @param origin what it is the recipe of
    void tellOrPrint(String recipe, String origin, RunOptions run, Console console) {
        if (!printYaml && !run.says.quiet) {
            console.info(
                    "the recipe of %s, for mergekit yaml:\n%s"
                            .formatted(origin, recipe.stripTrailing()));
        }
        print(recipe, console);
    }
}
