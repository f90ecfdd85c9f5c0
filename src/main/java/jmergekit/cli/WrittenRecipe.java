package jmergekit.cli;

import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// The recipe that a command writes for the user: planned as one from a file, and shown.
final class WrittenRecipe {
    /// What messages call it.
    static final String NAME = "the written recipe";

    private String text = "";

    @Option(
            names = "--print-yaml",
            negatable = true,
            description = "Print the recipe; with --dry-run instead of the plan.")
    boolean printYaml;

    /// Runs the command whose recipe it is. If the recipe is refused, it is shown first: the messages
    /// name lines that the user has not seen.
    ///
    /// @return the exit code
    int make(PlannedCommand command, RunOptions run, Console console) {
        try {
            return run.make(command, console);
        } catch (MergeException e) {
            if (e.problems().stream().anyMatch(p -> p.where().startsWith(NAME))) {
                console.info(NAME + ":\n" + numbered().stripTrailing());
            }
            throw e;
        }
    }

    private String numbered() {
        StringBuilder lines = new StringBuilder();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            lines.append(" ".repeat(number < 10 ? 3 : number < 100 ? 2 : 1))
                    .append(number)
                    .append("  ")
                    .append(line)
                    .append('\n');
        }
        return lines.toString();
    }

    /// Refuses to print two things in one place.
    void check(RunOptions run, Problems problems) {
        if (printYaml && run.dryRun && run.format == PlanFormat.JSON) {
            problems.add(
                    Problem.usage("--format json", "--print-yaml prints the recipe in its place")
                            .hint("give one of them"));
        }
    }

    /// Plans what it says.
    ///
    /// @param written the recipe
    PlannedOutput plan(
            String written,
            RunOptions run,
            PlanOptions options,
            Console console,
            Problems problems) {
        text = written;
        MergeConfig config =
                new RecipeReader(console.workingDirectory())
                        .read(NAME, written, problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        return run.planner(options, problems).merge(config);
    }

    /// Prints the recipe, if that was asked for.
    void print(Console console) {
        if (printYaml) {
            console.out().print(text);
            console.out().flush();
        }
    }

    /// The same, and shows it among the messages if it was not asked for.
    ///
    /// @param origin what it stands for
    void tellOrPrint(String origin, RunOptions run, Console console) {
        if (!printYaml && !run.says.quiet) {
            console.info(
                    "the recipe of %s, for mergekit yaml:\n%s"
                            .formatted(origin, text.stripTrailing()));
        }
        print(console);
    }
}
